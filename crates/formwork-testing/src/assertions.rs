//! [`TemplateAssertions`]: what a template must have.

use formwork_core::{App, Source, Synthesis, Template, Value};
use formwork_template::{Map, ResourceView};

use crate::{compare::Comparison, matcher::Matcher, report};

/// Assertions on one template. A failed one panics at the line that asserts, and shows the nearest
/// miss.
///
/// Types are named as CloudFormation names them, or by the constant of a builder:
/// `"AWS::SNS::Topic"` or `sns::Topic::TYPE`.
///
/// ```
/// use formwork_core::{App, Build, RawResource};
/// use formwork_testing::{TemplateAssertions, object};
///
/// let mut app = App::new();
/// let mut stack = app.stack("web");
/// let topic = RawResource::new("AWS::SNS::Topic").build(&mut stack, "Topic");
/// stack.output("TopicArn", topic.reference());
///
/// TemplateAssertions::of_app(app, "web")
///     .resource_count("AWS::SNS::Topic", 1)
///     .has_output("TopicArn", object! { "Value": { "Ref": "Topic" } });
/// ```
#[derive(Debug, Clone)]
pub struct TemplateAssertions {
    template: Template,
    sources: Vec<(&'static str, Vec<(String, Source)>)>,
}

/// A resource that [`TemplateAssertions::find_resources`] found.
///
/// ```
/// use formwork_core::{App, Build, RawResource};
/// use formwork_testing::{TemplateAssertions, any};
///
/// let mut app = App::new();
/// RawResource::new("AWS::SNS::Topic").property("DisplayName", "alarms").build(&mut app.stack("web"), "Topic");
///
/// let template = TemplateAssertions::of_app(app, "web");
/// for topic in template.find_resources("AWS::SNS::Topic", any()) {
///     let properties = topic.resource.properties();
///     let name = properties.and_then(|properties| properties.get("DisplayName")?.as_str());
///     assert_eq!(name, Some("alarms"), "of `{}`, made at {:?}", topic.logical_id, topic.source);
/// }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct FoundResource<'a> {
    /// The key under `Resources`.
    pub logical_id: &'a str,
    /// The resource.
    pub resource: ResourceView<'a>,
    /// The line of Rust that made it, where synthesis knows it.
    pub source: Option<&'a Source>,
}

impl TemplateAssertions {
    /// Asserts on a template that comes from anywhere.
    ///
    /// ```
    /// use formwork_core::Template;
    /// use formwork_testing::TemplateAssertions;
    ///
    /// let template = Template::from_json(r#"{"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}"#)?;
    /// TemplateAssertions::new(&template).resource_count("AWS::SNS::Topic", 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(template: &Template) -> Self {
        Self { template: template.clone(), sources: Vec::new() }
    }

    /// Asserts on a stack of an app that was synthesized in memory.
    ///
    /// ```
    /// use formwork_core::{App, Build, RawResource};
    /// use formwork_testing::TemplateAssertions;
    ///
    /// let mut app = App::new();
    /// RawResource::new("AWS::SNS::Topic").build(&mut app.stack("web"), "Topic");
    /// let synthesis = app.synthesize()?;
    /// TemplateAssertions::of(&synthesis, "web").resource_count("AWS::SNS::Topic", 1);
    /// # Ok::<(), formwork_core::SynthError>(())
    /// ```
    ///
    /// # Panics
    /// There is no such stack.
    #[track_caller]
    pub fn of(synthesis: &Synthesis, stack: &str) -> Self {
        let Some(stack) = synthesis.stack(stack) else {
            let names = synthesis.stacks.iter().map(|stack| stack.name.as_str());
            panic!("the app has no stack `{stack}`; it has {}", report::listing(names))
        };
        Self { template: stack.template.clone(), sources: stack.sources.clone() }
    }

    /// Synthesizes an app in memory, and asserts on one of its stacks.
    ///
    /// ```
    /// use formwork_core::{App, Build, RawResource};
    /// use formwork_testing::TemplateAssertions;
    ///
    /// let mut app = App::new();
    /// RawResource::new("AWS::SNS::Topic").build(&mut app.stack("web"), "Topic");
    /// TemplateAssertions::of_app(app, "web").resource_count("AWS::SNS::Topic", 1);
    /// ```
    ///
    /// # Panics
    /// Synthesis finds errors, or there is no such stack.
    #[track_caller]
    pub fn of_app(app: App, stack: &str) -> Self {
        match app.synthesize() {
            Ok(synthesis) => Self::of(&synthesis, stack),
            Err(error) => panic!("{error}"),
        }
    }

    /// The template.
    ///
    /// ```
    /// # use formwork_core::{App, Build, RawResource};
    /// # let mut app = App::new();
    /// # RawResource::new("AWS::SNS::Topic").property("DisplayName", "alarms").build(&mut app.stack("web"), "Topic");
    /// use formwork_testing::TemplateAssertions;
    ///
    /// let template = TemplateAssertions::of_app(app, "web");
    /// assert!(template.template().resource("Topic").is_some());
    /// ```
    pub const fn template(&self) -> &Template {
        &self.template
    }

    /// There are exactly so many resources of the type.
    ///
    /// ```
    /// # use formwork_core::{App, Build, RawResource};
    /// # let mut app = App::new();
    /// # RawResource::new("AWS::SNS::Topic").property("DisplayName", "alarms").build(&mut app.stack("web"), "Topic");
    /// use formwork_testing::TemplateAssertions;
    ///
    /// TemplateAssertions::of_app(app, "web")
    ///     .resource_count("AWS::SNS::Topic", 1)
    ///     .resource_count("AWS::SQS::Queue", 0);
    /// ```
    ///
    /// # Panics
    /// There are more or fewer.
    #[track_caller]
    pub fn resource_count(&self, resource_type: &str, count: usize) -> &Self {
        let found: Vec<FoundResource<'_>> = self.of_type(resource_type).collect();
        assert!(found.len() == count, "{}", report::count(self, resource_type, count, &found));
        self
    }

    /// There are exactly so many resources, of whatever type.
    ///
    /// ```
    /// # use formwork_core::{App, Build, RawResource};
    /// # let mut app = App::new();
    /// # RawResource::new("AWS::SNS::Topic").property("DisplayName", "alarms").build(&mut app.stack("web"), "Topic");
    /// use formwork_testing::TemplateAssertions;
    ///
    /// TemplateAssertions::of_app(app, "web").resource_count_total(1);
    /// ```
    ///
    /// # Panics
    /// There are more or fewer.
    #[track_caller]
    pub fn resource_count_total(&self, count: usize) -> &Self {
        let found = self.template.resources().count();
        assert!(found == count, "{}", report::total(self, count, found));
        self
    }

    /// A resource of the type matches as a whole: `Properties`, `DependsOn`, `DeletionPolicy` and
    /// the rest.
    ///
    /// ```
    /// # use formwork_core::{App, Build, DeletionPolicy, RawResource};
    /// use formwork_testing::{TemplateAssertions, object};
    /// # let mut app = App::new();
    /// # RawResource::new("AWS::SNS::Topic")
    /// #     .deletion_policy(DeletionPolicy::Retain)
    /// #     .build(&mut app.stack("web"), "Topic");
    ///
    /// TemplateAssertions::of_app(app, "web")
    ///     .has_resource("AWS::SNS::Topic", object! { "DeletionPolicy": "Retain" });
    /// ```
    ///
    /// # Panics
    /// No resource of the type does.
    #[track_caller]
    pub fn has_resource(&self, resource_type: &str, matcher: impl Into<Matcher>) -> &Self {
        self.has(resource_type, &matcher.into(), Part::Whole)
    }

    /// A resource of the type has properties that match.
    ///
    /// ```
    /// # use formwork_core::{App, Build, RawResource};
    /// # let mut app = App::new();
    /// # RawResource::new("AWS::SNS::Topic").property("DisplayName", "alarms").build(&mut app.stack("web"), "Topic");
    /// use formwork_testing::{TemplateAssertions, object};
    ///
    /// TemplateAssertions::of_app(app, "web")
    ///     .has_resource_with_properties("AWS::SNS::Topic", object! { "DisplayName": "alarms" });
    /// ```
    ///
    /// # Panics
    /// No resource of the type has.
    #[track_caller]
    pub fn has_resource_with_properties(&self, resource_type: &str, matcher: impl Into<Matcher>) -> &Self {
        self.has(resource_type, &matcher.into(), Part::Properties)
    }

    /// Every resource of the type matches as a whole, and there is at least one.
    ///
    /// ```
    /// # use formwork_core::{App, Build, RawResource};
    /// use formwork_testing::{TemplateAssertions, absent, object};
    /// # let mut app = App::new();
    /// # RawResource::new("AWS::SNS::Topic").build(&mut app.stack("web"), "Topic");
    ///
    /// TemplateAssertions::of_app(app, "web")
    ///     .all_resources("AWS::SNS::Topic", object! { "DependsOn": absent() });
    /// ```
    ///
    /// # Panics
    /// There is none, or one does not.
    #[track_caller]
    pub fn all_resources(&self, resource_type: &str, matcher: impl Into<Matcher>) -> &Self {
        self.all(resource_type, &matcher.into(), Part::Whole)
    }

    /// Every resource of the type has properties that match, and there is at least one.
    ///
    /// ```
    /// # use formwork_core::{App, Build, RawResource};
    /// # let mut app = App::new();
    /// # RawResource::new("AWS::SNS::Topic").property("DisplayName", "alarms").build(&mut app.stack("web"), "Topic");
    /// use formwork_testing::{TemplateAssertions, absent, object};
    ///
    /// TemplateAssertions::of_app(app, "web")
    ///     .all_resources_with_properties("AWS::SNS::Topic", object! { "FifoTopic": absent() });
    /// ```
    ///
    /// # Panics
    /// There is none, or one does not.
    #[track_caller]
    pub fn all_resources_with_properties(&self, resource_type: &str, matcher: impl Into<Matcher>) -> &Self {
        self.all(resource_type, &matcher.into(), Part::Properties)
    }

    /// The resources of the type that match as a whole, in the order they stand.
    ///
    /// ```
    /// # use formwork_core::{App, Build, RawResource};
    /// use formwork_testing::{TemplateAssertions, any};
    /// # let mut app = App::new();
    /// # RawResource::new("AWS::SNS::Topic").build(&mut app.stack("web"), "Topic");
    ///
    /// let template = TemplateAssertions::of_app(app, "web");
    /// let topics = template.find_resources("AWS::SNS::Topic", any());
    /// assert_eq!(topics[0].logical_id, "Topic");
    /// ```
    pub fn find_resources(&self, resource_type: &str, matcher: impl Into<Matcher>) -> Vec<FoundResource<'_>> {
        let matcher = matcher.into();
        let mut found: Vec<FoundResource<'_>> = self.of_type(resource_type).collect();
        found.retain(|found| {
            let comparison = Part::Whole.compare(&matcher, found);
            let matches = comparison.is_match();
            if matches {
                comparison.keep_captured();
            }
            matches
        });
        found
    }

    /// The output is there and matches: `Value`, `Description`, `Export`, `Condition`.
    ///
    /// ```
    /// # use formwork_core::{App, Parameter};
    /// # let mut app = App::new();
    /// # let mut stack = app.stack("web");
    /// # let stage = stack.parameter("Stage", Parameter::string());
    /// # stack.output("Stage", stage);
    /// # formwork_core::Build::build(formwork_core::RawResource::new("AWS::SNS::Topic"), &mut stack, "Topic");
    /// use formwork_testing::{TemplateAssertions, object};
    ///
    /// TemplateAssertions::of_app(app, "web")
    ///     .has_output("Stage", object! { "Value": { "Ref": "Stage" } });
    /// ```
    ///
    /// # Panics
    /// It is not, or does not.
    #[track_caller]
    pub fn has_output(&self, logical_id: &str, matcher: impl Into<Matcher>) -> &Self {
        self.has_element("Outputs", logical_id, &matcher.into())
    }

    /// The parameter is there and matches: `Type`, `Default`, `AllowedValues` and the rest.
    ///
    /// ```
    /// # use formwork_core::{App, Parameter};
    /// # let mut app = App::new();
    /// # let mut stack = app.stack("web");
    /// # stack.parameter("Stage", Parameter::string().allowed_values(["dev", "prod"]));
    /// # formwork_core::Build::build(formwork_core::RawResource::new("AWS::SNS::Topic"), &mut stack, "Topic");
    /// use formwork_testing::{TemplateAssertions, array_with, object};
    ///
    /// TemplateAssertions::of_app(app, "web")
    ///     .has_parameter("Stage", object! { "AllowedValues": array_with(["prod"]) });
    /// ```
    ///
    /// # Panics
    /// It is not, or does not.
    #[track_caller]
    pub fn has_parameter(&self, logical_id: &str, matcher: impl Into<Matcher>) -> &Self {
        self.has_element("Parameters", logical_id, &matcher.into())
    }

    /// The mapping is there and matches.
    ///
    /// ```
    /// # use formwork_core::{App, Parameter};
    /// # let mut app = App::new();
    /// # let mut stack = app.stack("web");
    /// # stack.mapping("Sizes", [("dev", [("Max", 1)]), ("prod", [("Max", 10)])]);
    /// # formwork_core::Build::build(formwork_core::RawResource::new("AWS::SNS::Topic"), &mut stack, "Topic");
    /// use formwork_testing::{TemplateAssertions, object};
    ///
    /// TemplateAssertions::of_app(app, "web")
    ///     .has_mapping("Sizes", object! { "prod": { "Max": 10 } });
    /// ```
    ///
    /// # Panics
    /// It is not, or does not.
    #[track_caller]
    pub fn has_mapping(&self, logical_id: &str, matcher: impl Into<Matcher>) -> &Self {
        self.has_element("Mappings", logical_id, &matcher.into())
    }

    /// The condition is there and matches.
    ///
    /// ```
    /// # use formwork_core::{App, Parameter, equals};
    /// use formwork_testing::{TemplateAssertions, object};
    /// # let mut app = App::new();
    /// # let mut stack = app.stack("web");
    /// # let stage = stack.parameter("Stage", Parameter::string());
    /// # stack.condition("Production", equals(stage, "prod"));
    /// # formwork_core::Build::build(
    /// #     formwork_core::RawResource::new("AWS::SNS::Topic"), &mut stack, "Topic");
    ///
    /// TemplateAssertions::of_app(app, "web")
    ///     .has_condition("Production", object! { "Fn::Equals": [{ "Ref": "Stage" }, "prod"] });
    /// ```
    ///
    /// # Panics
    /// It is not, or does not.
    #[track_caller]
    pub fn has_condition(&self, logical_id: &str, matcher: impl Into<Matcher>) -> &Self {
        self.has_element("Conditions", logical_id, &matcher.into())
    }

    #[track_caller]
    fn has(&self, resource_type: &str, matcher: &Matcher, part: Part) -> &Self {
        let mut misses = Vec::new();
        let mut matched = false;
        for found in self.of_type(resource_type) {
            let comparison = part.compare(matcher, &found);
            if comparison.is_match() {
                matched = true;
                comparison.keep_captured();
            } else {
                misses.push((found, comparison));
            }
        }
        assert!(matched, "{}", report::none_matches(self, resource_type, matcher, part, &misses));
        self
    }

    #[track_caller]
    fn all(&self, resource_type: &str, matcher: &Matcher, part: Part) -> &Self {
        let mut count = 0;
        let mut misses = Vec::new();
        for found in self.of_type(resource_type) {
            count += 1;
            let comparison = part.compare(matcher, &found);
            if comparison.is_match() {
                comparison.keep_captured();
            } else {
                misses.push((found, comparison));
            }
        }
        assert!(
            count > 0 && misses.is_empty(),
            "{}",
            report::not_all_match(self, resource_type, matcher, part, count, &misses)
        );
        self
    }

    #[track_caller]
    fn has_element(&self, section: &'static str, logical_id: &str, matcher: &Matcher) -> &Self {
        let elements = self.template.section(section);
        let Some(element) = elements.and_then(|elements| elements.get(logical_id)) else {
            let ids = elements.into_iter().flat_map(Map::keys);
            panic!("{}", report::no_element(section, logical_id, ids));
        };
        let comparison = Comparison::of(matcher, Some(element), &[]);
        assert!(
            comparison.is_match(),
            "{}",
            report::element_differs(self, section, logical_id, matcher, &comparison)
        );
        comparison.keep_captured();
        self
    }

    fn of_type<'a>(&'a self, resource_type: &str) -> impl Iterator<Item = FoundResource<'a>> {
        self.template.resources().filter(move |resource| resource.resource_type() == Some(resource_type)).map(
            |resource| FoundResource {
                logical_id: resource.logical_id,
                resource,
                source: self.source("Resources", resource.logical_id),
            },
        )
    }

    /// The line of Rust behind a logical id, where synthesis knows it.
    pub(crate) fn source(&self, section: &str, logical_id: &str) -> Option<&Source> {
        let (_, ids) = self.sources.iter().find(|(known, _)| *known == section)?;
        ids.iter().find(|(known, _)| known == logical_id).map(|(_, source)| source)
    }
}

/// What of a resource a matcher is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Whole,
    Properties,
}

impl Part {
    fn compare(self, matcher: &Matcher, found: &FoundResource<'_>) -> Comparison {
        match self {
            Self::Whole => Comparison::of(matcher, Some(&Value::Map(found.resource.attributes.clone())), &[]),
            Self::Properties => {
                let none = Value::Map(Map::new());
                // A resource that needs no properties may be written without any.
                let properties = found.resource.attributes.get("Properties").unwrap_or(&none);
                Comparison::of(matcher, Some(properties), &["Properties"])
            }
        }
    }
}
