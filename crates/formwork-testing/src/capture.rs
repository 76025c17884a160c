//! [`Capture`]: takes a value out of what matches.

use std::{cell::RefCell, rc::Rc};

use formwork_core::Value;

use crate::matcher::{Kind, Matcher, any};

/// Takes the value that stands where it is put, when everything around it matches.
///
/// ```
/// use formwork_core::{App, Build, RawResource};
/// use formwork_testing::{Capture, TemplateAssertions, object};
///
/// let mut app = App::new();
/// RawResource::new("AWS::SNS::Topic").property("DisplayName", "alarms").build(&mut app.stack("web"), "Topic");
///
/// let name = Capture::new();
/// TemplateAssertions::of_app(app, "web")
///     .has_resource_with_properties("AWS::SNS::Topic", object! { "DisplayName": &name });
/// assert_eq!(name.value().as_str(), Some("alarms"));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Capture(Rc<RefCell<Vec<Value>>>);

impl Capture {
    /// A capture that has nothing yet.
    ///
    /// ```
    /// assert!(formwork_testing::Capture::new().values().is_empty());
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes only a value that matches.
    ///
    /// ```
    /// use formwork_testing::{Capture, string_like};
    ///
    /// let arn = Capture::new();
    /// assert!(!arn.of(string_like("^arn:")).matches("alarms"));
    /// assert!(arn.values().is_empty());
    /// ```
    pub fn of(&self, matcher: impl Into<Matcher>) -> Matcher {
        Matcher(Kind::Capture(self.clone(), Box::new(matcher.into())))
    }

    /// The first value that was taken.
    ///
    /// ```
    /// # use formwork_core::{App, Build, RawResource};
    /// # let mut app = App::new();
    /// # RawResource::new("AWS::SNS::Topic").property("DisplayName", "alarms").build(&mut app.stack("web"), "Topic");
    /// use formwork_testing::{Capture, TemplateAssertions, object};
    ///
    /// let name = Capture::new();
    /// TemplateAssertions::of_app(app, "web")
    ///     .has_resource_with_properties("AWS::SNS::Topic", object! { "DisplayName": &name });
    /// assert_eq!(name.value().as_str(), Some("alarms"));
    /// ```
    ///
    /// # Panics
    /// Nothing was taken.
    #[track_caller]
    pub fn value(&self) -> Value {
        match self.values().into_iter().next() {
            Some(value) => value,
            None => panic!("nothing was captured: no assertion with this capture has passed"),
        }
    }

    /// Every value that was taken, one for each resource that matched.
    ///
    /// ```
    /// # use formwork_core::{App, Build, RawResource};
    /// # let mut app = App::new();
    /// # let mut stack = app.stack("web");
    /// # RawResource::new("AWS::SNS::Topic").property("DisplayName", "alarms").build(&mut stack, "Alarms");
    /// # RawResource::new("AWS::SNS::Topic").property("DisplayName", "orders").build(&mut stack, "Orders");
    /// use formwork_testing::{Capture, TemplateAssertions, object};
    ///
    /// let names = Capture::new();
    /// TemplateAssertions::of_app(app, "web")
    ///     .all_resources_with_properties("AWS::SNS::Topic", object! { "DisplayName": &names });
    /// assert_eq!(names.values(), ["alarms".into(), "orders".into()]);
    /// ```
    pub fn values(&self) -> Vec<Value> {
        self.0.borrow().clone()
    }

    pub(crate) fn take(&self, value: Value) {
        self.0.borrow_mut().push(value);
    }
}

impl From<&Capture> for Matcher {
    fn from(capture: &Capture) -> Self {
        capture.of(any())
    }
}
