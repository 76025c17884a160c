//! One small program per idea
