//! What a unit's name tells when nothing else does: its line among the four organs, street or community.

use crate::domain::act::Fields;
use crate::domain::vocabulary::{OrganLine, UnitKind};

/// Fields of a unit of which only the name is known: 待补充.
pub(super) fn unit_fields(name: &str) -> Fields {
    let mut fields = Fields::new();
    fields.insert("name".into(), name.into());
    fields.insert("kind".into(), unit_kind(name).id().into());
    fields.insert("organ_line".into(), organ_line(name).id().into());
    fields.insert("incomplete".into(), true.into());
    fields
}

/// 区委…, 人大…, 政协…, else government.
pub(super) fn organ_line(name: &str) -> OrganLine {
    // A committee of anything (社区委员会) is no party committee of the district.
    let party = |word: &str| name.split(word).skip(1).any(|rest| !rest.starts_with('员'));
    match name {
        n if n.contains("人大") => OrganLine::Congress,
        n if n.contains("政协") => OrganLine::Cppcc,
        n if n.starts_with("中共") || ["区委", "县委", "市委"].iter().any(|w| party(w)) => OrganLine::Party,
        _ => OrganLine::Government,
    }
}

fn unit_kind(name: &str) -> UnitKind {
    match name {
        n if n.contains("街道") => UnitKind::Street,
        n if n.contains("社区") => UnitKind::Community,
        _ => UnitKind::Department,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_the_line_of_its_organ() {
        for (name, line) in [
            ("区委办公室", OrganLine::Party),
            ("浔阳区委组织部", OrganLine::Party),
            ("中共浔阳区纪律检查委员会", OrganLine::Party),
            ("区人大常委会办公室", OrganLine::Congress),
            ("区政协办公室", OrganLine::Cppcc),
            ("区财政局", OrganLine::Government),
            ("某社区委员会", OrganLine::Government),
            ("区发展和改革委员会", OrganLine::Government),
        ] {
            assert_eq!(organ_line(name), line, "{name}");
        }
        assert_eq!(unit_kind("甘棠街道某社区"), UnitKind::Street);
        assert_eq!(unit_kind("某社区"), UnitKind::Community);
    }
}
