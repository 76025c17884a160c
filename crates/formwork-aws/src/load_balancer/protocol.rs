//! What listeners and target groups speak, as types: a listener takes the targets that it can.

use crate::port::Port;

/// Of a listener: HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Http {}

/// Of a listener: HTTP within TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Https {}

/// Of targets: HTTP in any version, with TLS or without, or a function that answers requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Application {}

/// Of a listener and of targets: TCP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tcp {}

/// Of a listener and of targets: TLS over TCP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {}

/// Of a listener and of targets: UDP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Udp {}

/// Of a listener and of targets: TCP and UDP on one port, as DNS has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TcpAndUdp {}

/// Of a listener and of targets: QUIC, on which HTTP/3 stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quic {}

/// Of a listener and of targets: TCP and QUIC on one port, as servers for the web have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TcpAndQuic {}

/// Of appliances behind a gateway load balancer: whole packets, wrapped in GENEVE.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Geneve {}

mod sealed {
    pub trait Sealed {}
}

/// What a listener of an application load balancer speaks: [`Http`] or [`Https`].
pub trait ApplicationProtocol: sealed::Sealed {
    /// As the service writes it.
    const NAME: &'static str;
    /// For logical ids.
    const WORD: &'static str;
    /// The port that it usually has.
    const PORT: u16;
}

/// What a listener of a network load balancer speaks: [`Tcp`], [`Tls`], [`Udp`], [`TcpAndUdp`], [`Quic`]
/// or [`TcpAndQuic`].
pub trait NetworkProtocol: sealed::Sealed {
    /// As the service writes it.
    const NAME: &'static str;
    /// For logical ids.
    const WORD: &'static str;
    /// What its targets speak: TLS ends at the balancer.
    type Targets;

    /// What has to be let through to it.
    fn ports(port: u16) -> Vec<Port>;
}

/// What any target can speak that has a port: all but [`Geneve`], and QUIC, whose servers have ids.
pub trait PortProtocol: sealed::Sealed {
    /// As the service writes it, where nothing else is said.
    const NAME: &'static str;
    /// Whether balancers of the kind ask for a path, where no health check is said.
    const ASKS_FOR_PATH: bool;
}

macro_rules! seal {
    ($($protocol:ty)*) => { $( impl sealed::Sealed for $protocol {} )* };
}

seal!(Http Https Application Tcp Tls Udp TcpAndUdp Quic TcpAndQuic);

impl ApplicationProtocol for Http {
    const NAME: &'static str = "HTTP";
    const WORD: &'static str = "Http";
    const PORT: u16 = 80;
}

impl ApplicationProtocol for Https {
    const NAME: &'static str = "HTTPS";
    const WORD: &'static str = "Https";
    const PORT: u16 = 443;
}

impl PortProtocol for Application {
    const NAME: &'static str = "HTTP";
    const ASKS_FOR_PATH: bool = true;
}

macro_rules! network {
    ($($protocol:ty, $targets:ty, $name:literal, $word:literal, $ports:expr;)*) => { $(
        impl NetworkProtocol for $protocol {
            const NAME: &'static str = $name;
            const WORD: &'static str = $word;
            type Targets = $targets;

            fn ports(port: u16) -> Vec<Port> {
                $ports(port)
            }
        }

        impl PortProtocol for $protocol {
            const NAME: &'static str = $name;
            const ASKS_FOR_PATH: bool = false;
        }
    )* };
}

network! {
    Tcp, Tcp, "TCP", "Tcp", |port| vec![Port::tcp(port)];
    Tls, Tcp, "TLS", "Tls", |port| vec![Port::tcp(port)];
    Udp, Udp, "UDP", "Udp", |port| vec![Port::udp(port)];
    TcpAndUdp, TcpAndUdp, "TCP_UDP", "TcpUdp", |port| vec![Port::tcp(port), Port::udp(port)];
}

impl NetworkProtocol for Quic {
    const NAME: &'static str = "QUIC";
    const WORD: &'static str = "Quic";
    type Targets = Self;

    fn ports(port: u16) -> Vec<Port> {
        vec![Port::udp(port)]
    }
}

impl NetworkProtocol for TcpAndQuic {
    const NAME: &'static str = "TCP_QUIC";
    const WORD: &'static str = "TcpQuic";
    type Targets = Self;

    fn ports(port: u16) -> Vec<Port> {
        vec![Port::tcp(port), Port::udp(port)]
    }
}
