//! Who does what in a story: analysts, verifiers, responsible leaders, all named and kept apart (G2).

use super::District;
use super::dice::Dice;
use crate::domain::{CadreRank, Grade, OrganLine, UnitKind};

/// Posts whose holders take part in one matter.
#[derive(Debug, Clone)]
pub struct Cast {
    /// Two who assess.
    pub analysts: Vec<usize>,
    /// Two who verify, others than the analysts.
    pub verifiers: Vec<usize>,
    /// The leader who answers for the post.
    pub responsible: usize,
}

impl District {
    /// People for a matter about a post, taken from the body that leads it.
    pub fn cast(&self, post: usize, grade: Grade, dice: &mut Dice) -> Cast {
        let subject = &self.places.posts[post];
        let unit = self.clerks_unit(post, grade);
        let staff = |unit: usize| -> Vec<usize> {
            let fits = |p: &usize| {
                let other = &self.places.posts[*p];
                other.unit == unit && !other.team && *p != post
            };
            (0..self.places.posts.len()).filter(fits).collect()
        };
        let mut pool = staff(unit);
        dice.shuffle(&mut pool);
        if pool.len() < 4 {
            // A small unit has its verifiers from 区纪委监察局.
            let organ = self.places.units.iter().position(|u| u.discipline).unwrap_or(unit);
            pool.extend(staff(organ));
        }
        let responsible = if subject.team {
            post
        } else {
            self.places.leader_over(subject.section)
        };
        Cast {
            analysts: pool.iter().copied().take(2).collect(),
            verifiers: pool.iter().copied().skip(2).take(2).collect(),
            responsible,
        }
    }

    /// The unit whose clerks work for the body that leads a matter about a post.
    fn clerks_unit(&self, post: usize, grade: Grade) -> usize {
        let subject = &self.places.posts[post];
        let unit = &self.places.units[subject.unit];
        let named = |name: &str| self.places.unit(name).unwrap_or(subject.unit);
        match grade {
            Grade::Red | Grade::Orange => named("区纪委监察局"),
            Grade::Yellow if subject.team || subject.rank == CadreRank::County => match unit.line {
                OrganLine::Party => named("区委办公室"),
                OrganLine::Congress => named("区人大常委会办公室"),
                OrganLine::Government => named("区政府办公室"),
                OrganLine::Cppcc => named("区政协办公室"),
            },
            Grade::Yellow if unit.kind == UnitKind::Community => unit.parent.unwrap_or(subject.unit),
            Grade::Yellow => subject.unit,
        }
    }

    /// Ids of the holders of posts, as a field's value.
    pub fn holders(&self, posts: &[usize]) -> serde_json::Value {
        let ids: Vec<String> = posts.iter().map(|p| self.id("person", *p).to_string()).collect();
        ids.into()
    }
}
