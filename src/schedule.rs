//! Wall-clock plans in a time zone, and when they are due next. Pure.
