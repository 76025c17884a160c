//! [`Token`]: what tells one operation from all others.

/// One operation's token, the same however often its calls are tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// A token out of a random number.
    pub fn new(random: u64) -> Self {
        Self(format!("{random:016x}"))
    }

    /// As the service takes it.
    pub fn text(&self) -> String {
        format!("{}{}", Self::PREFIX, self.0)
    }

    /// The token of a part of the operation.
    pub fn part(&self, part: &str) -> String {
        format!("{}-{part}", self.text())
    }

    /// The name of the operation's change set.
    pub fn change_set_name(&self) -> String {
        self.text()
    }

    /// What every name of ours begins with.
    pub const PREFIX: &'static str = "formwork-";
}
