//! Circles in a graph, each as the shortest chain that shows it.
//!
//! A graph crate would be seven crates more in every user's build for these lines.

use std::collections::VecDeque;

/// Chains in which each node needs the next, and the last needs the first. No node is in two of
/// them; a graph with circles has at least one. A node that needs itself is a chain of one.
pub fn find(nodes: usize, links: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let mut needs: Vec<Vec<usize>> = vec![Vec::new(); nodes];
    let mut needed_by: Vec<Vec<usize>> = vec![Vec::new(); nodes];
    for &(from, to) in links {
        needs[from].push(to);
        needed_by[to].push(from);
    }
    for needs in &mut needs {
        needs.sort_unstable();
    }
    let mut left = in_or_before_circles(&needs, &needed_by);
    let mut chains = Vec::new();
    for start in 0..nodes {
        if left[start]
            && let Some(chain) = shortest(&needs, &left, start)
        {
            for node in &chain {
                left[*node] = false;
            }
            chains.push(chain);
        }
    }
    chains
}

/// Which nodes are left when those that need nothing that is left are taken out again and again:
/// the ones that are part of a circle, or lead into one.
fn in_or_before_circles(needs: &[Vec<usize>], needed_by: &[Vec<usize>]) -> Vec<bool> {
    let mut waiting: Vec<usize> = needs.iter().map(Vec::len).collect();
    let mut left = vec![true; needs.len()];
    let mut ready: Vec<usize> = (0..needs.len()).filter(|node| waiting[*node] == 0).collect();
    while let Some(node) = ready.pop() {
        left[node] = false;
        for &other in &needed_by[node] {
            waiting[other] -= 1;
            if waiting[other] == 0 {
                ready.push(other);
            }
        }
    }
    left
}

/// The shortest way from a node back to itself over nodes that are left.
fn shortest(needs: &[Vec<usize>], left: &[bool], start: usize) -> Option<Vec<usize>> {
    let mut came_from: Vec<Option<usize>> = vec![None; needs.len()];
    let mut queue = VecDeque::from([start]);
    while let Some(node) = queue.pop_front() {
        for &next in needs[node].iter().filter(|next| left[**next]) {
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
    }
}
