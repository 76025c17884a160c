//! [`Concern`]: what may fail a diff.

use clap::ValueEnum;
use formwork_diff::{Action, AppDiff, Effect, ResourceChange};

use crate::plural::number;

/// What may fail a diff.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Concern {
    /// Somebody may do or reach more, or it cannot be ruled out
    Broadening,
    /// A resource is replaced, or may be
    Replacement,
    /// A resource is deleted, or data is lost, or may be
    Destruction,
}

impl Concern {
    /// Why a diff is of this concern, if it is.
    pub(crate) fn reason(self, diff: &AppDiff) -> Option<String> {
        let resources = || diff.stacks.iter().flat_map(|stack| &stack.resources);
        let count = |wanted: fn(&ResourceChange) -> bool| resources().filter(|each| wanted(each)).count();
        let are = |count: usize, verb: &str| {
            let is = if count == 1 { "is" } else { "are" };
            (count > 0).then(|| format!("{} {is} {verb}", number(count, "resource")))
        };
        let reasons: Vec<String> = match self {
            Self::Broadening => {
                let access = diff.stacks.iter().flat_map(|stack| &stack.access);
                let exposure = diff.stacks.iter().flat_map(|stack| &stack.exposure);
                let access = access.filter(|change| change.broadening).count();
                let exposure = exposure.filter(|change| change.broadening).count();
                let told = |count: usize, what: &str| (count > 0).then(|| number(count, what));
                let told = [told(access, "change of access"), told(exposure, "change of exposure")];
                told.into_iter().flatten().collect()
            }
            Self::Replacement => {
                let replaced = count(|resource| resource.effect == Effect::Replace);
                let may = count(|resource| resource.effect == Effect::MayReplace);
                let may = (may > 0).then(|| format!("{} may be replaced", number(may, "resource")));
                [are(replaced, "replaced"), may].into_iter().flatten().collect()
            }
            Self::Destruction => {
                let deleted = count(|resource| {
                    resource.action == Action::Remove
                        && matches!(resource.effect, Effect::Delete | Effect::Snapshot)
                });
                let lost = count(|resource| resource.data_loss);
                let lost =
                    (lost > 0).then(|| format!("the data of {} is or may be lost", number(lost, "resource")));
                [are(deleted, "deleted"), lost].into_iter().flatten().collect()
            }
        };
        (!reasons.is_empty()).then(|| format!("{}: {}", self.name(), reasons.join(", ")))
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Broadening => "broadening",
            Self::Replacement => "replacement",
            Self::Destruction => "destruction",
        }
    }
}
