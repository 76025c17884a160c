//! [`KeyPair`]: who may sign in by SSH. Session Manager needs none.

use formwork_cfn::ec2;
use formwork_core::{Build, Expr, Handle, Scope, concat};

/// A pair of keys for SSH.
///
/// See [`AWS::EC2::KeyPair`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-keypair.html).
///
/// ```
/// use formwork_aws::key_pair::KeyPair;
/// use formwork_core::App;
///
/// let mut app = App::new();
/// let mut stack = app.stack("builds");
/// KeyPair::imported("operators", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExample").build(&mut stack, "Operators");
/// assert!(app.synthesize().is_ok());
/// ```
#[derive(Debug, Clone)]
#[must_use = "a key pair is added to a stack by `build`"]
pub struct KeyPair {
    name: String,
    public_key: Option<Expr<String>>,
}

impl KeyPair {
    /// The public half of a pair that somebody has.
    pub fn imported(name: impl Into<String>, public_key: impl Into<Expr<String>>) -> Self {
        Self { name: name.into(), public_key: Some(public_key.into()) }
    }

    /// A pair that EC2 makes. Its private half stands in an SSM parameter:
    /// [`KeyPairHandle::private_key_parameter`].
    pub fn generated(name: impl Into<String>) -> Self {
        Self { name: name.into(), public_key: None }
    }

    /// Adds the pair to a stack.
    #[track_caller]
    pub fn build(self, scope: &mut Scope<'_>, id: &str) -> KeyPairHandle {
        let mut scope = scope.construct(id);
        let pair = ec2::KeyPair::new(self.name);
        let pair = match self.public_key {
            Some(key) => pair.public_key_material(key),
            None => pair.key_type("ed25519"),
        };
        KeyPairHandle { pair: pair.build(&mut scope, "KeyPair") }
    }
}

/// A [`KeyPair`] that stands in a stack.
#[derive(Debug, Clone)]
pub struct KeyPairHandle {
    pair: Handle<ec2::KeyPair>,
}

impl KeyPairHandle {
    /// The pair itself.
    pub const fn pair(&self) -> &Handle<ec2::KeyPair> {
        &self.pair
    }

    /// The SSM parameter that holds the private half of a pair that EC2 has made.
    pub fn private_key_parameter(&self) -> Expr<String> {
        concat(["/ec2/keypair/".into(), self.pair.key_pair_id()])
    }
}

impl From<&KeyPairHandle> for Expr<formwork_cfn::ids::ec2::KeyPairKeyName> {
    fn from(handle: &KeyPairHandle) -> Self {
        Self::from(&handle.pair)
    }
}
