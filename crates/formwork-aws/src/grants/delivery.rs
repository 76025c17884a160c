//! What may be done with builds and pipelines.

use formwork_core::{Expr, concat};

use super::arn_here;
use crate::iam::Permission;

/// A build project of CodeBuild, in the account and region of the stack.
///
/// ```
/// use formwork_aws::grants::BuildProject;
///
/// let permissions = [BuildProject::named("shop").start(), BuildProject::named("shop").watch()];
/// # let _ = permissions;
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct BuildProject(Expr<String>);

impl BuildProject {
    /// A project by its name, which for one of a stack is what `Ref` gives.
    pub fn named(name: impl Into<Expr<String>>) -> Self {
        Self(arn_here("codebuild", "project/", name))
    }

    /// Starts builds, and stops them.
    pub fn start(&self) -> Permission {
        Permission::new(["codebuild:StartBuild", "codebuild:StopBuild"], [self.0.clone()])
    }

    /// Looks at builds.
    pub fn watch(&self) -> Permission {
        let actions = ["codebuild:BatchGetBuilds", "codebuild:ListBuildsForProject"];
        Permission::new(actions, [self.0.clone()])
    }
}

/// A pipeline of CodePipeline, in the account and region of the stack.
///
/// ```
/// use formwork_aws::grants::Pipeline;
///
/// let permission = Pipeline::named("release").start();
/// # let _ = permission;
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Pipeline(Expr<String>);

impl Pipeline {
    /// A pipeline by its name, which for one of a stack is what `Ref` gives.
    pub fn named(name: impl Into<Expr<String>>) -> Self {
        Self(arn_here("codepipeline", "", name))
    }

    /// Starts the pipeline, and stops what runs.
    pub fn start(&self) -> Permission {
        let actions = ["codepipeline:StartPipelineExecution", "codepipeline:StopPipelineExecution"];
        Permission::new(actions, [self.0.clone()])
    }

    /// Looks at what runs, and has run.
    pub fn watch(&self) -> Permission {
        let actions = [
            "codepipeline:GetPipelineExecution",
            "codepipeline:GetPipelineState",
            "codepipeline:ListPipelineExecutions",
        ];
        Permission::new(actions, [self.0.clone()])
    }

    /// Says yes or no in any stage where the pipeline waits for somebody.
    pub fn approve(&self) -> Permission {
        let steps = concat([self.0.clone(), "/*".into()]);
        Permission::new(["codepipeline:PutApprovalResult"], [steps])
    }
}
