//! An authentication that cannot be.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Balancer");
    let staff = Authentication::openid(OpenIdClient {
        issuer: "http://id.example.com".into(),
        authorization_endpoint: "https://id.example.com/authorize".into(),
        token_endpoint: "https://id.example.com/token".into(),
        user_info_endpoint: "https://id.example.com/userinfo".into(),
        client_id: "tools".into(),
        client_secret: secret("tools"),
    });
    let certificate =
        id("arn:aws:acm:eu-west-1:111111111111:certificate/0a1b2c3d-1111-2222-3333-444455556666");
    balancer.https(stack, certificate).authenticate(staff).respond(200, "hello");
}

pub(super) fn passes(stack: &mut Stack<'_>, vpc: VpcHandle) {
    let balancer = ApplicationLoadBalancer::internet_facing(&vpc).build(stack, "Balancer");
    let staff = Authentication::openid(OpenIdClient {
        issuer: "https://id.example.com".into(),
        authorization_endpoint: "https://id.example.com/authorize".into(),
        token_endpoint: "https://id.example.com/token".into(),
        user_info_endpoint: "https://id.example.com/userinfo".into(),
        client_id: "tools".into(),
        client_secret: secret("tools"),
    });
    let certificate =
        id("arn:aws:acm:eu-west-1:111111111111:certificate/0a1b2c3d-1111-2222-3333-444455556666");
    balancer.https(stack, certificate).authenticate(staff).respond(200, "hello");
}
