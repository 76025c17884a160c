//! Circles in a graph, each as the shortest chain that shows it.

use std::collections::VecDeque;

use petgraph::{
    algo::tarjan_scc,
    graph::{DiGraph, NodeIndex},
};

/// One chain for every set of nodes that reach each other: each node needs the next, and the last
/// needs the first. A node that needs itself is a chain of one.
pub(crate) fn find(nodes: usize, links: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let mut graph: DiGraph<(), ()> = DiGraph::with_capacity(nodes, links.len());
    for _ in 0..nodes {
        graph.add_node(());
    }
    for &(from, to) in links {
        graph.update_edge(NodeIndex::new(from), NodeIndex::new(to), ());
    }
    let mut chains: Vec<Vec<usize>> = tarjan_scc(&graph)
        .into_iter()
        .filter_map(|set| {
            let first = set.iter().min().copied()?;
            (set.len() > 1 || graph.contains_edge(first, first)).then(|| shortest(&graph, first))
        })
        .collect();
    chains.sort_unstable();
    chains
}

/// The shortest way from a node back to itself. Every way stays inside of its set: what leaves the
/// set never comes back.
fn shortest(graph: &DiGraph<(), ()>, start: NodeIndex) -> Vec<usize> {
    let mut came_from: Vec<Option<NodeIndex>> = vec![None; graph.node_count()];
    let mut queue = VecDeque::from([start]);
    while let Some(node) = queue.pop_front() {
        let mut next: Vec<NodeIndex> = graph.neighbors(node).collect();
        next.sort_unstable();
        for neighbor in next {
            if neighbor == start {
                let mut chain = vec![node.index()];
                let mut at = node;
                while let Some(previous) = came_from[at.index()] {
                    chain.push(previous.index());
                    at = previous;
                }
                chain.reverse();
                return chain;
            }
            if came_from[neighbor.index()].is_none() {
                came_from[neighbor.index()] = Some(node);
                queue.push_back(neighbor);
            }
        }
    }
    vec![start.index()]
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn circles_are_shortest_chains() {
        assert!(find(3, &[(0, 1), (1, 2), (0, 2)]).is_empty());
        assert_eq!(find(2, &[(1, 1)]), [[1]]);
        assert_eq!(find(4, &[(0, 1), (1, 2), (2, 0), (1, 0), (3, 0)]), [[0, 1]]);
        let two = find(5, &[(3, 4), (4, 3), (0, 2), (2, 1), (1, 0)]);
        assert_eq!(two, [vec![0, 2, 1], vec![3, 4]]);
    }
}
