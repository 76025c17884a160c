//! The work that formwork is measured by
