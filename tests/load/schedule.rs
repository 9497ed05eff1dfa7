use brevet_tests::gitlab::Outage;

/// What happens around the functions before a certain chunk of requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The GitLab signs with another key, and no longer publishes the old one.
    Rotate,
    /// Its key set can no longer be had.
    Down(Outage),
    /// It is back.
    Up,
    /// One environment of each function ends, and a new one starts.
    Replace,
}

/// How a GitLab is gone.
const OUTAGES: [Outage; 5] = [Outage::Down, Outage::Garbage, Outage::Empty, Outage::Redirect, Outage::Huge];

/// Every other change of the key happens while the GitLab is down. Between changes it is down for a while, too, and
/// environments start with it up and with it down.
pub(crate) fn schedule(chunks: usize, rotations: usize) -> Vec<(usize, Step)> {
    let mut steps = Vec::new();
    let span = chunks / (rotations + 1);
    for number in 0..=rotations {
        let (start, outage) = (number * span, OUTAGES.iter().copied().cycle().nth(number).unwrap_or_default());
        if number > 0 {
            steps.push((start, Step::Rotate));
            steps.push((start + span / 20 + 1, Step::Replace));
        }
        steps.push((start + span / 2, Step::Down(outage)));
        steps.push((start + span * 6 / 10, Step::Replace));
        // Back shortly before the next change of the key, or only after it.
        let back = if number % 2 == 0 && number < rotations { start + span + span / 10 } else { start + span * 7 / 10 };
        steps.push((back, Step::Up));
        steps.push((back + 1, Step::Replace));
    }
    steps.sort_by_key(|(chunk, _)| *chunk);
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_the_key_as_often_as_told_and_leaves_the_gitlab_up() {
        for rotations in [0, 1, 2, 5] {
            let steps = schedule(400, rotations);
            assert_eq!(steps.iter().filter(|(_, step)| *step == Step::Rotate).count(), rotations);
            let last = steps.iter().rev().find(|(_, step)| matches!(step, Step::Up | Step::Down(_)));
            assert!(matches!(last, Some((chunk, Step::Up)) if *chunk < 400), "{steps:?}");
        }
    }

    #[test]
    fn changes_the_key_with_the_gitlab_up_and_with_the_gitlab_down() {
        let mut down = false;
        let mut changed = [0, 0];
        for (_, step) in schedule(400, 4) {
            match step {
                Step::Down(_) => down = true,
                Step::Up => down = false,
                Step::Rotate => changed[usize::from(down)] += 1,
                Step::Replace => {}
            }
        }
        assert_eq!(changed, [2, 2]);
    }
}
