//! `N` stacks of 400 resources, each with references to its neighbour: the work of
//! `bench/cdk/apps/a6-scale.ts`.

use std::env;

use formwork::prelude::*;

/// Queues, roles, policies and security groups of one stack.
const UNITS: u16 = 99;

fn main() -> anyhow::Result<()> {
    let count: usize = env::var("N").unwrap_or_else(|_| "1".to_owned()).parse()?;
    let mut app = App::new();
    let mut upstream: Vec<Handle<sqs::Queue>> = Vec::new();
    for number in 0..count {
        upstream = cell(&mut app, number, &upstream);
    }
    app.synth()?;
    Ok(())
}

fn cell(app: &mut App, number: usize, upstream: &[Handle<sqs::Queue>]) -> Vec<Handle<sqs::Queue>> {
    let name = format!("Cell{number}");
    let stack = &mut app.stack(name.as_str());
    stack.environment(Environment::new("111111111111", "us-east-1"));
    stack.tag("cell", name);

    let vpc = ec2::Vpc::new().cidr_block("10.0.0.0/16").build(stack, "Vpc");
    let dead = sqs::Queue::new().message_retention_period(1_209_600).build(stack, "Dlq");
    let everything =
        PolicyDocument::new().statement(Statement::new(Effect::Allow, ["sqs:*", "logs:*"], ["*"]));
    let boundary = iam::ManagedPolicy::new(everything).build(stack, "Boundary");
    let audit = PolicyDocument::new().statement(Statement::new(
        Effect::Allow,
        ["sqs:Get*", "sqs:List*"],
        [Expr::<String>::from(dead.arn())],
    ));
    iam::ManagedPolicy::new(audit).build(stack, "Audit");

    let mut queues: Vec<Handle<sqs::Queue>> = Vec::with_capacity(usize::from(UNITS));
    let send = ["sqs:SendMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl"];
    for unit in 0..UNITS {
        let redrive = Object::new().with("deadLetterTargetArn", dead.arn()).with("maxReceiveCount", 5);
        let queue = sqs::Queue::new()
            .visibility_timeout(30 + unit)
            .redrive_policy(redrive)
            .build(stack, &format!("Queue{unit}"));
        let trust = PolicyDocument::new().statement(
            Statement::without_resource(Effect::Allow, ["sts:AssumeRole"])
                .principal(Principal::service("lambda.amazonaws.com")),
        );
        let role = iam::Role::new(trust).permissions_boundary(&boundary).build(stack, &format!("Role{unit}"));
        let consume = [
            "sqs:ReceiveMessage",
            "sqs:ChangeMessageVisibility",
            "sqs:GetQueueUrl",
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes",
        ];
        let statement = |actions: &[&str], queue: &Handle<sqs::Queue>| {
            Statement::new(Effect::Allow, actions.iter().copied(), [Expr::<String>::from(queue.arn())])
        };
        let mut policy = PolicyDocument::new().statement(statement(&consume, &queue));
        if let Some(previous) = queues.last() {
            policy = policy.statement(statement(&send, previous));
        }
        if unit % 9 == 0
            && let Some(neighbour) = upstream.get(usize::from(unit))
        {
            policy = policy.statement(statement(&send, neighbour));
        }
        iam::Policy::new(format!("Policy{unit}"), policy)
            .roles([&role])
            .build(stack, &format!("Role{unit}Policy"));
        let egress = ec2::security_group::Egress::new("-1").cidr_ip("0.0.0.0/0").description("anywhere");
        let mut group = ec2::SecurityGroup::new(format!("cell group {unit}"))
            .vpc_id(&vpc)
            .security_group_egress([egress]);
        if unit > 0 {
            let port = 8000 + unit;
            let ingress = ec2::security_group::Ingress::new("tcp")
                .cidr_ip(format!("10.0.{unit}.0/24"))
                .from_port(port)
                .to_port(port)
                .description("peer");
            group = group.security_group_ingress([ingress]);
        }
        group.build(stack, &format!("Sg{unit}"));
        queues.push(queue);
    }
    queues
}
