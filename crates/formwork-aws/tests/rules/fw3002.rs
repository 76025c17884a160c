//! A database or a broker has an address in the internet.

use super::prelude::*;

pub(super) fn fails(stack: &mut Stack<'_>) {
    rds::DbInstance::new()
        .engine("postgres")
        .db_instance_class("db.t4g.micro")
        .allocated_storage("20")
        .storage_encrypted(true)
        .manage_master_user_password(true)
        .master_username("orders")
        .publicly_accessible(true)
        .deletion_policy(DeletionPolicy::Snapshot)
        .update_replace_policy(UpdateReplacePolicy::Snapshot)
        .build(stack, "Orders");
}

pub(super) fn passes(stack: &mut Stack<'_>) {
    rds::DbInstance::new()
        .engine("postgres")
        .db_instance_class("db.t4g.micro")
        .allocated_storage("20")
        .storage_encrypted(true)
        .manage_master_user_password(true)
        .master_username("orders")
        .publicly_accessible(false)
        .deletion_policy(DeletionPolicy::Snapshot)
        .update_replace_policy(UpdateReplacePolicy::Snapshot)
        .build(stack, "Orders");
}
