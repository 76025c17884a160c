//! The formwork command
