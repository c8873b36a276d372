//! A new office: the bodies that exist once.

use super::{Desk, records};
use crate::domain::fault::Refusal;
use crate::domain::ids::BodyRef;

/// Founds the eight bodies every office has; seats stay vacant.
pub fn found(desk: &mut Desk) -> Result<(), Refusal> {
    if desk.world.body_stream(BodyRef::Steering).is_some() {
        return Err(Refusal::new("already_founded", "机构已经建立"));
    }
    for body in BodyRef::FIXED {
        records::found_body(desk, body, None, None);
    }
    Ok(())
}
