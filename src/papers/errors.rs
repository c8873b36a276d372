//! The sender's sheet with the reasons beside its rows.

/// Header of the added column; ignored when the mended sheet comes back.
pub const HEADER: &str = "错误原因";
