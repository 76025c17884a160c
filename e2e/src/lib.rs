//! Tests against judges that nobody here wrote
