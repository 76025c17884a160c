//! The constructs people think in: VPCs, fleets, load balancers, container services, roles
