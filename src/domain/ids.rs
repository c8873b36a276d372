//! Identities: streams and bodies. A code is only a label; the stream id is the identity.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Identity of one case, record, person, post…: 16 bytes, printed as 32 lower-case hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StreamId(pub [u8; 16]);

impl StreamId {
    /// Reads 32 hex digits; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 32 || !text.is_ascii() {
            return None;
        }
        let mut bytes = [0; 16];
        for (i, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(i * 2..i * 2 + 2)?, 16).ok()?;
        }
        Some(Self(bytes))
    }
}

impl std::fmt::Display for StreamId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|b| write!(f, "{b:02x}"))
    }
}

impl Serialize for StreamId {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for StreamId {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(d)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("not a stream id"))
    }
}

/// One of the bodies that hold queues and decide (R008–R031, A02, A19).
///
/// Written as `steering`, `implementation:<unit stream id>`; people read and type the unit's code instead
/// of its stream id (`implementation:DW-XY-0012`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BodyRef {
    /// 指委会, disposes red.
    Steering,
    /// 指委会办公室.
    SteeringOffice,
    /// 区纪委监察局, disposes orange (A02).
    Discipline,
    /// 防委会 of one of the four organs, leads yellow matters about 处级 cadres (A03).
    Leadership(crate::domain::OrganLine),
    /// 推委会 of a unit, leads yellow matters below 处级.
    Implementation(StreamId),
    /// 社监会(监委会) of a street or community: reports and evaluates, disposes nothing (A04, A19).
    Social(StreamId),
    /// 专班 (R123).
    TaskForce,
}

impl BodyRef {
    /// Bodies that exist once in every office, in the order in which queues are listed.
    pub const FIXED: [Self; 8] = {
        use crate::domain::OrganLine::{Congress, Cppcc, Government, Party};
        [
            Self::Steering,
            Self::SteeringOffice,
            Self::Discipline,
            Self::Leadership(Party),
            Self::Leadership(Congress),
            Self::Leadership(Government),
            Self::Leadership(Cppcc),
            Self::TaskForce,
        ]
    };

    /// The unit a 推委会 or 社监会 belongs to.
    pub fn unit(self) -> Option<StreamId> {
        match self {
            Self::Implementation(unit) | Self::Social(unit) => Some(unit),
            _ => None,
        }
    }

    /// Reads the stored form (`steering`, `implementation:<32 hex>`).
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(rest) = text.strip_prefix("implementation:") {
            return StreamId::parse(rest).map(Self::Implementation);
        }
        if let Some(rest) = text.strip_prefix("social:") {
            return StreamId::parse(rest).map(Self::Social);
        }
        Self::FIXED.into_iter().find(|b| b.to_string() == text)
    }

    /// Chinese name; a unit's bodies need the unit's name.
    pub fn label(self, unit_name: &str) -> String {
        match self {
            Self::Steering => "指委会".into(),
            Self::SteeringOffice => "指委会办公室".into(),
            Self::Discipline => "区纪委监察局".into(),
            Self::Leadership(line) => format!("{}防委会", line.label()),
            Self::Implementation(_) => format!("{unit_name}推委会"),
            Self::Social(_) => format!("{unit_name}社监会(监委会)"),
            Self::TaskForce => "专班".into(),
        }
    }
}

impl std::fmt::Display for BodyRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Steering => f.write_str("steering"),
            Self::SteeringOffice => f.write_str("steering_office"),
            Self::Discipline => f.write_str("discipline"),
            Self::Leadership(line) => write!(f, "leadership_{}", line.id()),
            Self::Implementation(unit) => write!(f, "implementation:{unit}"),
            Self::Social(unit) => write!(f, "social:{unit}"),
            Self::TaskForce => f.write_str("task_force"),
        }
    }
}

impl Serialize for BodyRef {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for BodyRef {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(d)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("not a body"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_read_back_what_they_print() {
        let unit = StreamId([7; 16]);
        for body in BodyRef::FIXED
            .into_iter()
            .chain([BodyRef::Implementation(unit), BodyRef::Social(unit)])
        {
            assert_eq!(BodyRef::parse(&body.to_string()), Some(body));
        }
        assert_eq!(BodyRef::parse("implementation:7"), None);
    }
}
