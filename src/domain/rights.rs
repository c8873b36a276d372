//! Who may do what (§4.8, §0.24, §0.28): done, proposed, or refused. Bodies act; people record for bodies.

use super::ids::BodyRef;
use super::verb::Verb;

/// What a capacity may do with one act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Right {
    /// Nothing.
    No,
    /// Put it on top of the deciding body's queue (§0.6, §0.25).
    Propose,
    /// Do it.
    Do,
}

/// How a capacity stands to the matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The capacity acted in.
    pub capacity: BodyRef,
    /// The body whose right the act uses.
    pub required: BodyRef,
    /// 推委会 that answers for the matter's unit.
    pub own: Option<BodyRef>,
    /// 防委会 of the unit's organ line.
    pub line: Option<BodyRef>,
}

/// What the capacity may do.
pub fn right(verb: Verb, standing: Standing) -> Right {
    let Standing {
        capacity,
        required,
        own,
        line,
    } = standing;
    if matches!(capacity, BodyRef::Social(_)) {
        // A04: reports and evaluates, disposes nothing.
        return if verb == Verb::Register { Right::Do } else { Right::No };
    }
    let concerned = match capacity {
        BodyRef::Implementation(_) => Some(capacity) == own,
        BodyRef::Leadership(_) => Some(capacity) == line,
        _ => true,
    };
    match verb {
        // Everyone but 指委会 itself receives reports (§4.8).
        Verb::Register
        | Verb::AddSource
        | Verb::Draft
        | Verb::Submit
        | Verb::AddMeasure
        | Verb::LinkMeasure
        | Verb::ImplementMeasure => {
            if capacity == BodyRef::Steering || (!concerned && verb != Verb::Register) {
                Right::No
            } else {
                Right::Do
            }
        }
        _ if capacity == required => Right::Do,
        Verb::Adopt => Right::No,
        // Whoever sits at the machine sees the calendar on the wall.
        Verb::ConfirmDate => Right::Do,
        // The keeper of the receiving office, and those of the two district offices (§4.8).
        Verb::ReadSource | Verb::EraseSource => match capacity {
            BodyRef::Discipline | BodyRef::SteeringOffice => Right::Do,
            _ => Right::No,
        },
        Verb::Assess => match capacity {
            BodyRef::Discipline | BodyRef::SteeringOffice | BodyRef::Steering | BodyRef::TaskForce => Right::Do,
            _ if concerned => Right::Propose,
            _ => Right::No,
        },
        // 一会管三会: 指委会 assigns and overrides everywhere (R030, §0.24), but answers no other body's queue.
        _ if capacity == BodyRef::Steering && !matches!(verb, Verb::Countersign | Verb::Accept) => Right::Do,
        // §4.8 gives these to one body, by grade and rank; 专班 may ask for them (§0.28), 指委会办公室 drafts for 指委会
        // and asks for steps of the ladder.
        Verb::Release | Verb::Serve | Verb::Verify | Verb::Lift | Verb::Approve | Verb::Revoke => match capacity {
            BodyRef::TaskForce => Right::Propose,
            BodyRef::SteeringOffice if required == BodyRef::Steering || verb == Verb::Approve => Right::Propose,
            _ => Right::No,
        },
        // Yellow is for the committee whose cadre it is; others only read (§4.8).
        Verb::Grade if matches!(required, BodyRef::Implementation(_) | BodyRef::Leadership(_)) => match capacity {
            BodyRef::TaskForce => Right::Propose,
            _ => Right::No,
        },
        Verb::Publish | Verb::Withhold if capacity == BodyRef::SteeringOffice => Right::Do,
        Verb::Admonish | Verb::HoldAccountable => match (required, capacity) {
            (_, BodyRef::TaskForce | BodyRef::SteeringOffice) => Right::Do,
            _ if concerned => Right::Do,
            _ => Right::No,
        },
        // Records and the directory: one's own scope, the district's offices all (§0.24).
        Verb::Create
        | Verb::Amend
        | Verb::Void
        | Verb::Import
        | Verb::Identify
        | Verb::Distinguish
        | Verb::Remind
        | Verb::Progress
        | Verb::Feedback
        | Verb::FilePlan
        | Verb::ReportTask
        | Verb::Talk
        | Verb::SelfCheck
        | Verb::Visit
        | Verb::Weigh
        | Verb::Appeal
        | Verb::Hear => {
            if concerned {
                Right::Do
            } else {
                Right::No
            }
        }
        Verb::IssueTask | Verb::CloseTask => match capacity {
            BodyRef::Steering | BodyRef::SteeringOffice => Right::Do,
            BodyRef::TaskForce => Right::Propose,
            _ => Right::No,
        },
        // 指委会办公室 drafts red-level decisions and returns signed sheets of 指委会 (R011).
        Verb::Countersign if capacity == BodyRef::SteeringOffice && required == BodyRef::Steering => Right::Do,
        Verb::Countersign | Verb::Accept => Right::No,
        // §4.2 "proposed by", §0.28: 专班 and the bodies concerned may propose what the lead body may do.
        _ if concerned => Right::Propose,
        _ => Right::No,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{OrganLine, StreamId};

    fn at(capacity: BodyRef, required: BodyRef) -> Standing {
        Standing {
            capacity,
            required,
            own: Some(BodyRef::Implementation(StreamId([1; 16]))),
            line: Some(BodyRef::Leadership(OrganLine::Government)),
        }
    }

    #[test]
    fn the_social_supervision_committee_reports_and_disposes_nothing() {
        let social = BodyRef::Social(StreamId([2; 16]));
        for verb in Verb::ALL {
            let expected = if *verb == Verb::Register { Right::Do } else { Right::No };
            assert_eq!(right(*verb, at(social, BodyRef::Discipline)), expected, "{}", verb.id());
        }
    }

    #[test]
    fn orange_is_proposed_by_the_committees_and_done_by_the_discipline_organ() {
        let own = BodyRef::Implementation(StreamId([1; 16]));
        let other = BodyRef::Implementation(StreamId([9; 16]));
        let required = BodyRef::Discipline;
        assert_eq!(right(Verb::Escalate, at(BodyRef::Discipline, required)), Right::Do);
        assert_eq!(right(Verb::Escalate, at(BodyRef::Steering, required)), Right::Do);
        for proposer in [
            own,
            BodyRef::TaskForce,
            BodyRef::SteeringOffice,
            BodyRef::Leadership(OrganLine::Government),
        ] {
            assert_eq!(
                right(Verb::Escalate, at(proposer, required)),
                Right::Propose,
                "{proposer}"
            );
        }
        assert_eq!(
            right(Verb::Escalate, at(other, required)),
            Right::No,
            "a committee has no say about other units"
        );
        assert_eq!(
            right(Verb::Escalate, at(BodyRef::Leadership(OrganLine::Party), required)),
            Right::No
        );
    }
}
