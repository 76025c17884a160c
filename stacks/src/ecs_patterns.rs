//! `ecs-patterns`: a shop of pictures, a call for each of its parts, in a network that stands already.

use std::time::Duration;

use formwork::prelude::*;

/// The network of the team that looks after networks, by its ids.
const NETWORK: &str = "vpc-0a1b2c3d4e5f60718";
const RANGE: &str = "10.9.0.0/16";
const PUBLIC: [&str; 2] = ["subnet-0a1b2c3d4e5f60711", "subnet-0a1b2c3d4e5f60712"];
const PRIVATE: [&str; 2] = ["subnet-0a1b2c3d4e5f60713", "subnet-0a1b2c3d4e5f60714"];
const ROUTES: [&str; 2] = ["rtb-0a1b2c3d4e5f60713", "rtb-0a1b2c3d4e5f60714"];
/// The group of the database of the team that looks after those.
const DATABASE: &str = "sg-0a1b2c3d4e5f60718";
/// The pictures that may wait for each worker.
const PICTURES: u32 = 20;

/// Adds the stack to an app.
pub fn ecs_patterns(app: &mut App) {
    let stack = &mut app.stack("ecs-patterns");
    stack.description("A shop of pictures: a site, workers of a queue, and what starts by itself");
    let vpc = Vpc::import(NETWORK, RANGE)
        .tier(Tier::public("Public"), PUBLIC, Vec::<String>::new())
        .tier(Tier::private("App"), PRIVATE, ROUTES)
        .build(stack, "Shared");
    let database = SecurityGroup::import(DATABASE, Outbound::Nowhere).build(stack, "Database");
    let cluster = Cluster::new().build(stack, "Services");
    let images = Repository::new().keep_images(20).build(stack, "Images");
    RegistryScanning::basic().on_push(["*"]).build(stack, "Scanning");
    let pictures = s3::Bucket::new()
        .notification_configuration(
            s3::bucket::NotificationConfiguration::new()
                .event_bridge_configuration(s3::bucket::EventBridgeConfiguration::new(true)),
        )
        .retained()
        .build(stack, "Pictures");
    let image = |name: &str| ContainerImage::in_repository(&images, name);

    // The site: a balancer with a certificate, tasks, and as many of them as the load wants.
    let certificate = certificatemanager::Certificate::new("pictures.example.com")
        .validation_method("DNS")
        .build(stack, "Certificate");
    let site =
        Container::new("site", image("site")).port(8080).environment("PICTURES", pictures.bucket_name());
    let site = LoadBalancedService::internet_facing(&cluster, &vpc, site, Capacity::between(2, 8))
        .https(&certificate)
        .health_check(HealthCheck::path("/health"))
        .track_requests(600)
        .build(stack, "Site");
    site.service().role().grant(stack, pictures.list_and_read_objects());
    database.allow(stack, site.service().security_group(), Port::POSTGRESQL);

    // Workers: a queue, one for what fails, and as many tasks as pictures wait.
    let develop = Container::new("develop", image("develop"));
    let develop = QueueService::new(&cluster, &vpc.private(), develop, Capacity::between(1, 20), PICTURES)
        .size(FargateSize::of::<1024, 2048>())
        .longest_work(Duration::from_mins(3))
        .build(stack, "Develop");
    develop.service().role().grant(stack, [pictures.read_objects(), pictures.write_objects()]);
    site.service().role().grant(stack, develop.queue().send());

    // What starts when a picture comes in, and every night.
    let task = |stack: &mut Stack<'_>, id: &str, name: &str| {
        let container = Container::new(name, image(name));
        FargateTask::new(FargateSize::of::<256, 512>(), Architecture::Arm64, Retention::OneWeek, container)
            .build(stack, id)
    };
    let index = task(stack, "Index", "index");
    index.role().grant(stack, pictures.read_objects());
    let came_in = Object::new()
        .with("source", ["aws.s3"])
        .with("detail-type", ["Object Created"])
        .with("detail", Object::new().with("bucket", Object::new().with("name", [pictures.bucket_name()])));
    EventTask::new(came_in, &cluster, &index, &vpc.private())
        .environment_from("KEY", "$.detail.object.key")
        .build(stack, "CameIn");
    let report = task(stack, "Report", "report");
    ScheduledTask::cron("0 3 * * ? *", &cluster, &report, &vpc.private())
        .time_zone("Europe/Vienna")
        .build(stack, "Nightly");
    stack.output("Url", site.balancer().dns_name()).description("Where the name of the shop leads to");
    stack.output("Queue", develop.queue().queue_url()).description("Where pictures wait");
}
