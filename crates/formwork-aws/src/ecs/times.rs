//! When something starts: at the times of `cron`, again and again, or once.

use formwork_core::{Finding, Scope};

/// The fields of a time: minute, hour, day of the month, month, day of the week, year.
const FIELDS: usize = 6;
/// The fields of which one is `?`.
const DAYS: [usize; 2] = [2, 4];
/// How often something may come, as the services name it.
#[cfg(feature = "scheduled-tasks")]
const UNITS: [&str; 6] = ["minute", "minutes", "hour", "hours", "day", "days"];

/// Times in the words of EventBridge Scheduler and of Application Auto Scaling, which are the same.
#[derive(Debug, Clone)]
pub(super) struct Times {
    kind: Kind,
    zone: Option<String>,
}

#[derive(Debug, Clone)]
enum Kind {
    Cron(String),
    #[cfg(feature = "scheduled-tasks")]
    Rate(String),
    Once(String),
}

impl Times {
    pub(super) fn cron(fields: &str) -> Self {
        Self { kind: Kind::Cron(fields.to_owned()), zone: None }
    }

    #[cfg(feature = "scheduled-tasks")]
    pub(super) fn every(interval: &str) -> Self {
        Self { kind: Kind::Rate(interval.to_owned()), zone: None }
    }

    pub(super) fn once_at(time: &str) -> Self {
        Self { kind: Kind::Once(time.to_owned()), zone: None }
    }

    pub(super) fn time_zone(mut self, zone: String) -> Self {
        self.zone = Some(zone);
        self
    }

    /// Reports (`FW0425`) times that are none.
    pub(super) fn check(&self, scope: &mut Scope<'_>) {
        let (sane, text, hint) = match &self.kind {
            Kind::Cron(fields) => {
                let hint = "minute, hour, day of the month, month, day of the week, year, and `?` for one of the days: `0 20 ? * MON-FRI *`";
                (is_cron(fields), fields, hint)
            }
            #[cfg(feature = "scheduled-tasks")]
            Kind::Rate(interval) => {
                (is_interval(interval), interval, "a number and `minutes`, `hours` or `days`: `15 minutes`")
            }
            Kind::Once(time) => {
                (is_moment(time), time, "a day and a time, without a zone: `2030-01-31T03:00:00`")
            }
        };
        if !sane {
            let message = format!("`{text}` is not a time of a schedule");
            scope.report(Finding::error("FW0425", message).hint(hint));
        }
    }

    /// The expression, and the time zone.
    pub(super) fn into_parts(self) -> (String, Option<String>) {
        let expression = match self.kind {
            Kind::Cron(fields) => format!("cron({fields})"),
            #[cfg(feature = "scheduled-tasks")]
            Kind::Rate(interval) => format!("rate({interval})"),
            Kind::Once(time) => format!("at({time})"),
        };
        (expression, self.zone)
    }
}

fn is_cron(fields: &str) -> bool {
    let legal = |each: char| each.is_ascii_alphanumeric() || "*,-/?#".contains(each);
    let fields: Vec<&str> = fields.split_ascii_whitespace().collect();
    fields.len() == FIELDS
        && fields.iter().all(|field| field.chars().all(legal))
        && DAYS.iter().filter(|day| fields[**day] == "?").count() == 1
}

#[cfg(feature = "scheduled-tasks")]
fn is_interval(interval: &str) -> bool {
    interval
        .split_once(' ')
        .is_some_and(|(count, unit)| count.parse().is_ok_and(|count: u32| count > 0) && UNITS.contains(&unit))
}

fn is_moment(time: &str) -> bool {
    let shape = "0000-00-00T00:00:00";
    time.len() == shape.len()
        && time.chars().zip(shape.chars()).all(|(each, expected)| match expected {
            '0' => each.is_ascii_digit(),
            _ => each == expected,
        })
}
