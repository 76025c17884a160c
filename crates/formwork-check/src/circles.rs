//! Circles in a graph, each as the shortest chain that shows it.
//!
//! A graph crate would be seven crates more in every user's build for these lines.

use std::collections::VecDeque;

/// Chains in which each node needs the next, and the last needs the first. No node is in two of
/// them; where circles hang together, one chain stands for all. A node that needs itself is a chain
/// of one. Takes time in proportion to the graph.
pub fn find(nodes: usize, links: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let mut needs: Vec<Vec<usize>> = vec![Vec::new(); nodes];
    for &(from, to) in links {
        needs[from].push(to);
    }
    for needs in &mut needs {
        needs.sort_unstable();
    }
    let groups = groups(&needs);
    let mut came_from: Vec<Option<usize>> = vec![None; nodes];
    let mut shown = vec![false; nodes];
    let mut chains = Vec::new();
    for start in 0..nodes {
        if !std::mem::replace(&mut shown[groups[start]], true)
            && let Some(chain) = shortest(&needs, &groups, &mut came_from, start)
        {
            chains.push(chain);
        }
    }
    chains
}

/// A number for each node, the same for those that need each other, over others or not: Tarjan's
/// algorithm, without recursion.
fn groups(needs: &[Vec<usize>]) -> Vec<usize> {
    const NONE: usize = usize::MAX;
    let mut groups = vec![NONE; needs.len()];
    let mut found = vec![NONE; needs.len()];
    let mut least = vec![NONE; needs.len()];
    let (mut count, mut open) = (0, Vec::new());
    // The nodes on the way to the one that is looked at, each with how many links it has behind it.
    let mut way: Vec<(usize, usize)> = Vec::new();
    for root in 0..needs.len() {
        if found[root] == NONE {
            way.push((root, 0));
        }
        while let Some((node, behind)) = way.last_mut() {
            let node = *node;
            if *behind == 0 {
                (found[node], least[node]) = (count, count);
                count += 1;
                open.push(node);
            }
            let next = needs[node].get(*behind).copied();
            *behind += 1;
            match next {
                Some(next) if found[next] == NONE => way.push((next, 0)),
                Some(next) if groups[next] == NONE => least[node] = least[node].min(found[next]),
                Some(_) => {}
                None => {
                    way.pop();
                    if let Some((before, _)) = way.last() {
                        least[*before] = least[*before].min(least[node]);
                    }
                    if least[node] == found[node] {
                        while let Some(member) = open.pop() {
                            groups[member] = node;
                            if member == node {
                                break;
                            }
                        }
                    }
                }
            }
        }
    }
    groups
}

/// The shortest way from a node back to itself, which never leaves its group.
fn shortest(
    needs: &[Vec<usize>],
    groups: &[usize],
    came_from: &mut [Option<usize>],
    start: usize,
) -> Option<Vec<usize>> {
    let mut queue = VecDeque::from([start]);
    while let Some(node) = queue.pop_front() {
        for &next in needs[node].iter().filter(|next| groups[**next] == groups[start]) {
            if next == start {
                let mut chain: Vec<usize> = std::iter::successors(Some(node), |at| came_from[*at]).collect();
                chain.reverse();
                return Some(chain);
            }
            if came_from[next].is_none() {
                came_from[next] = Some(node);
                queue.push_back(next);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn circles_are_shortest_chains() {
        assert!(find(3, &[(0, 1), (1, 2), (0, 2)]).is_empty());
        assert_eq!(find(2, &[(1, 1)]), [[1]]);
        assert_eq!(find(4, &[(0, 1), (1, 2), (2, 0), (1, 0), (3, 0)]), [[0, 1]]);
        let two = find(6, &[(3, 4), (4, 3), (0, 2), (2, 1), (1, 0), (5, 0)]);
        assert_eq!(two, [vec![0, 2, 1], vec![3, 4]]);
        let between = find(6, &[(0, 0), (0, 1), (1, 2), (2, 3), (3, 4), (4, 3), (5, 0)]);
        assert_eq!(between, [vec![0], vec![3, 4]]);
    }
}
