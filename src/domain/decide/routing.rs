//! Which bodies a matter stands with: by grade, rank, organ line, and recusal (R051–R054, A03, §0.16).

use super::Desk;
use crate::domain::event::Duties;
use crate::domain::identity;
use crate::domain::ids::{BodyRef, StreamId};
use crate::domain::viewer;
use crate::domain::vocabulary::{CadreRank, Grade, OrganLine, UnitKind};

/// What a matter is about, as far as routing cares.
#[derive(Debug, Clone, Copy)]
pub struct About {
    /// Unit.
    pub unit: StreamId,
    /// Post.
    pub post: Option<StreamId>,
    /// Person.
    pub person: Option<StreamId>,
}

impl About {
    /// A unit as such.
    pub fn unit(unit: StreamId) -> Self {
        Self {
            unit,
            post: None,
            person: None,
        }
    }

    /// What a state is about; `None` when it names no unit.
    pub fn of(state: &crate::domain::State) -> Option<Self> {
        Some(Self {
            unit: state.reference("unit")?,
            post: state.reference("post"),
            person: state.reference("person"),
        })
    }
}

/// The 防委会 of a unit's organ line; units without one belong to the government's.
pub fn leadership(desk: &Desk, unit: StreamId) -> BodyRef {
    let line = desk.state(unit).and_then(|u| OrganLine::find(&u.text("organ_line")));
    BodyRef::Leadership(line.unwrap_or(OrganLine::Government))
}

/// The 推委会 that answers for a unit; a community's posts belong to its street's (A05).
pub fn implementation(desk: &Desk, unit: StreamId) -> BodyRef {
    let state = desk.state(unit);
    let community = state
        .as_ref()
        .is_some_and(|u| u.text("kind") == UnitKind::Community.id());
    let parent = state.as_ref().and_then(|u| u.reference("parent"));
    BodyRef::Implementation(parent.filter(|_| community).unwrap_or(unit))
}

/// Rank of the person, else of the post; staff when neither says.
pub fn rank(desk: &Desk, about: About) -> CadreRank {
    let of = |id: Option<StreamId>| {
        id.and_then(|i| desk.state(i))
            .and_then(|s| CadreRank::find(&s.text("rank")))
    };
    let post = about.post.or_else(|| {
        about
            .person
            .and_then(|p| desk.state(p))
            .and_then(|p| p.reference("post"))
    });
    of(about.person).or_else(|| of(post)).unwrap_or(CadreRank::Staff)
}

/// The subject heads the unit or sits in its leading team, by his post or by one he is appointed to for a while.
pub fn leads_the_unit(desk: &Desk, about: About) -> bool {
    let held = about
        .person
        .into_iter()
        .flat_map(|p| identity::aliases(p, desk.world))
        .flat_map(|p| viewer::posts_held(p, desk.happened, desk.world));
    about
        .post
        .into_iter()
        .chain(held)
        .any(|post| viewer::heads(post, desk.world))
}

/// The lead and the co-body for a grade.
///
/// Yellow: 处级 → the organ line's 防委会 leads, the unit's 推委会 assists; below → the other way round.
/// Recusal comes before rank (§0.16): a body the subject leads or sits in is skipped, its parent takes its place.
pub fn duties(desk: &Desk, grade: Grade, about: About) -> Duties {
    let line = leadership(desk, about.unit);
    let own = implementation(desk, about.unit);
    let (lead, co) = match grade {
        Grade::Red => (BodyRef::Steering, None),
        Grade::Orange => (BodyRef::Discipline, None),
        Grade::Yellow if rank(desk, about) == CadreRank::County => (line, Some(own)),
        Grade::Yellow => (own, Some(line)),
    };
    let recused = recuse(desk, lead, about);
    let co = match co {
        Some(co) if co == recused || conflicted(desk, co, about) => Some(BodyRef::SteeringOffice),
        other => other,
    };
    Duties {
        lead: recused,
        co: co.filter(|c| *c != recused),
    }
}

/// Skips conflicted bodies upwards; 指委会 is the last and then decides collectively without the subject.
pub fn recuse(desk: &Desk, body: BodyRef, about: About) -> BodyRef {
    let mut body = body;
    while body != BodyRef::Steering && conflicted(desk, body, about) {
        body = match body {
            BodyRef::Implementation(_) | BodyRef::Social(_) => leadership(desk, about.unit),
            _ => BodyRef::Steering,
        };
    }
    body
}

/// The subject leads the body's unit, or holds a seat in it on the day of the deed (A20).
pub fn conflicted(desk: &Desk, body: BodyRef, about: About) -> bool {
    if matches!(body, BodyRef::Implementation(_) | BodyRef::Social(_)) && leads_the_unit(desk, about) {
        return true;
    }
    about.person.is_some_and(|p| sits_in(desk, p, body))
}

/// Whether a person, under any of his records, holds a seat in a body on the day of the deed: by name, or by the post
/// he holds (R009).
pub fn sits_in(desk: &Desk, person: StreamId, body: BodyRef) -> bool {
    let (body, day) = (body.to_string(), desk.happened.to_string());
    let live = |a: &crate::domain::State| {
        let to = a.text("to");
        a.counts() && a.text("from") <= day && (to.is_empty() || day <= to)
    };
    let appointments = |relation: &'static str, of: StreamId| {
        let all = desk.referrers("appointment", relation, of).into_iter();
        all.filter_map(|a| desk.state(a)).filter(|a| live(a))
    };
    identity::aliases(person, desk.world).into_iter().any(|own| {
        let by_name: Vec<_> = appointments("person", own).collect();
        let posts = by_name.iter().filter_map(|a| a.reference("post"));
        let post = desk.state(own).and_then(|p| p.reference("post"));
        by_name.iter().any(|a| a.text("body") == body)
            || posts
                .chain(post)
                .any(|post| appointments("post", post).any(|a| a.text("body") == body))
    })
}

/// The body that decides a grade change to `to` (§4.2).
pub fn grade_decider(desk: &Desk, from: Grade, to: Grade, about: About) -> BodyRef {
    let body = match (from, to) {
        (_, Grade::Red) | (Grade::Red, _) => BodyRef::Steering,
        (_, Grade::Orange) | (Grade::Orange, Grade::Yellow) => BodyRef::Discipline,
        (Grade::Yellow, Grade::Yellow) => duties(desk, Grade::Yellow, about).lead,
    };
    recuse(desk, body, about)
}
