//! Values of one stack in another.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use formwork_core::{
    App, Build, Expr, Handle, List, Parameter, RawResource, StackId, Synthesis, Via, equals, join, sub,
};

/// A stack with a topic, a list-valued attribute, a resource that may not be, and a parameter.
struct Producer {
    id: StackId,
    topic: Handle<RawResource>,
    zones: Expr<List<String>>,
    sometimes: Handle<RawResource>,
    stage: formwork_core::Param<String>,
}

fn producer(app: &mut App) -> Producer {
    let mut stack = app.stack("data-plane");
    let stage = stack.parameter("Stage", Parameter::string());
    let production = stack.condition("Production", equals(stage, "prod"));
    let topic = RawResource::new("AWS::SNS::Topic").build(&mut stack, "Topic");
    let balancer =
        RawResource::new("AWS::ElasticLoadBalancingV2::LoadBalancer").build(&mut stack, "Balancer");
    let sometimes =
        RawResource::new("AWS::SQS::Queue").condition_on(&production).build(&mut stack, "Sometimes");
    let zones = balancer.list_attribute("SecurityGroups");
    Producer { id: stack.id(), topic, zones, sometimes, stage }
}

fn use_all(app: &mut App, producer: &Producer, via: Option<Via>) {
    let mut stack = app.stack("web");
    RawResource::new("AWS::SNS::Topic").build(&mut stack, "Own");
    if let Some(via) = via {
        stack.carry_from(producer.id, via);
    }
    let topic = || producer.topic.reference();
    stack.output("Ref", topic());
    stack.output("Again", topic());
    stack.output("Attribute", producer.topic.attribute::<String>("TopicName"));
    stack.output("Inside", sub!("<{topic}|{stage}>", topic = topic(), stage = producer.stage));
    stack.output("List", join("|", producer.zones.clone()));
    stack.output("Sometimes", producer.sometimes.attribute::<String>("Arn"));
}

fn text(synthesis: &Synthesis) -> String {
    let stacks = synthesis
        .stacks
        .iter()
        .map(|stack| format!("# {} after {:?}\n{}", stack.name, stack.depends_on, stack.template.to_json()));
    let edges = synthesis.edges.iter().map(|edge| {
        let attribute = edge.from.attribute.as_deref().unwrap_or("Ref");
        let carrier = edge.export.as_ref().or(edge.ssm_parameter.as_ref()).or(edge.output.as_ref()).unwrap();
        format!(
            "{}.{}.{attribute} -> {} by {:?}: {carrier}, {:?}",
            edge.from.stack, edge.from.logical_id, edge.to, edge.via, edge.parameter
        )
    });
    stacks.chain(edges).collect::<Vec<_>>().join("\n")
}

#[test]
fn by_export() {
    let mut app = App::new();
    let producer = producer(&mut app);
    use_all(&mut app, &producer, None);
    insta::assert_snapshot!(text(&app.synthesize().unwrap()));
}

#[test]
fn by_ssm_parameter() {
    let mut app = App::new();
    let producer = producer(&mut app);
    use_all(&mut app, &producer, Some(Via::SsmParameter));
    insta::assert_snapshot!(text(&app.synthesize().unwrap()));
}

#[test]
fn by_deployers_parameter() {
    let mut app = App::new();
    let producer = producer(&mut app);
    use_all(&mut app, &producer, Some(Via::Parameter));
    insta::assert_snapshot!(text(&app.synthesize().unwrap()));
}

#[test]
fn the_nearest_choice_holds() {
    let mut app = App::new();
    app.carry_by(Via::Parameter);
    let Producer { id, topic, sometimes, .. } = producer(&mut app);
    let by = |app: &mut App, name: &str, choose: &dyn Fn(&mut formwork_core::Stack<'_>)| {
        let mut stack = app.stack(name);
        RawResource::new("AWS::SNS::Topic").build(&mut stack, "Own");
        choose(&mut stack);
        stack.output("Topic", topic.reference());
        stack.output("Queue", sometimes.reference());
    };
    by(&mut app, "app", &|_| {});
    by(&mut app, "stack", &|stack| {
        stack.carry_from(id, Via::Export);
    });
    by(&mut app, "resource", &|stack| {
        stack.carry(&topic, Via::SsmParameter).carry_from(id, Via::Export);
    });
    let synthesis = app.synthesize().unwrap();
    let chosen: Vec<String> = synthesis
        .edges
        .iter()
        .map(|edge| format!("{} {} {:?}", edge.to, edge.from.logical_id, edge.via))
        .collect();
    insta::assert_snapshot!(chosen.join("\n"));
}

#[test]
fn the_order_of_stacks_follows() {
    let mut app = App::new();
    let (early, late) = (app.stack("early").id(), app.stack("late").id());
    let queue = RawResource::new("AWS::SQS::Queue").build(&mut app.open(late), "Queue");
    RawResource::new("AWS::SNS::Topic").depends_on(&queue).build(&mut app.open(early), "Topic");
    let mut last = app.stack("last");
    last.depends_on(early);
    RawResource::new("AWS::SNS::Topic").build(&mut last, "Own");
    let synthesis = app.synthesize().unwrap();
    let order: Vec<_> =
        synthesis.stacks.iter().map(|stack| (stack.name.as_str(), stack.depends_on.clone())).collect();
    assert_eq!(
        order,
        [("early", vec!["late".to_owned()]), ("late", vec![]), ("last", vec!["early".to_owned()])],
        "{order:?}"
    );
    assert!(
        !synthesis.stacks[0].template.to_json().contains("DependsOn"),
        "no resource of another stack is named"
    );
}
