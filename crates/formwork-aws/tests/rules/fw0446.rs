//! A token that a load balancer cannot ask for.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Balancer");
    let certificate =
        id("arn:aws:acm:eu-west-1:111111111111:certificate/0a1b2c3d-1111-2222-3333-444455556666");
    let programs = TokenValidation::new("https://id.example.com", "http://id.example.com/jwks.json")
        .claim("aud", "orders");
    balancer.https(stack, certificate).authenticate(programs).respond(200, "hello");
}

pub(super) fn passes(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Balancer");
    let certificate =
        id("arn:aws:acm:eu-west-1:111111111111:certificate/0a1b2c3d-1111-2222-3333-444455556666");
    let programs = TokenValidation::new("https://id.example.com", "https://id.example.com/jwks.json")
        .claim("aud", "orders");
    balancer.https(stack, certificate).authenticate(programs).respond(200, "hello");
}
