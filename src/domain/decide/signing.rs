//! Who decided: signatures and meetings (§0.5).

use chrono::NaiveDate;

use super::{Desk, args, submits};
use crate::domain::act::{Act, Decision};
use crate::domain::event::{Decided, Named};
use crate::domain::fault::Refusal;
use crate::domain::ids::BodyRef;

/// The day a decision states, which is also the day of the deed when none is given.
pub fn stated_day(act: &Act) -> Option<NaiveDate> {
    match &act.decision {
        Some(Decision::Signed { on, .. } | Decision::Meeting { on, .. }) => *on,
        _ => None,
    }
}

/// True when nothing takes effect yet: 送签, unless the operator is the leader himself.
pub fn asks_for_signature(desk: &Desk) -> bool {
    submits(&desk.act) && !(desk.act.decision.is_none() && desk.world.operator().decides)
}

/// Who decided in the name of `body`, kept apart from the people in `apart` (G2).
pub fn decided(desk: &Desk, body: BodyRef, apart: &[Named]) -> Result<Decided, Refusal> {
    desk.use_right(body)?;
    let verb = desk.act.verb.label();
    let decided = match &desk.act.decision {
        Some(Decision::Urgent) => {
            desk.act.verb.may_be_urgent()?;
            let on = desk.happened;
            let duty = desk.world.seat_holder(body, crate::domain::SeatRole::DutyLeader, on);
            let signer = match duty {
                Some(leader) => leader,
                None => seat_holder(desk, body, on)?,
            };
            Decided {
                how: "urgent".into(),
                ..signed(body, signer, on)
            }
        }
        Some(Decision::Meeting { number, on, votes }) => {
            if number.trim().is_empty() {
                return Err(
                    Refusal::new("missing_field", format!("“{verb}”按“已上会”办理，缺少会议编号"))
                        .hint("补填会议编号（--meeting …）"),
                );
            }
            Decided {
                how: "meeting".into(),
                body,
                signer: None,
                on: on.unwrap_or(desk.happened),
                meeting: Some(number.trim().to_owned()),
                votes: votes.clone(),
            }
        }
        Some(Decision::Signed { signer: Some(name), on }) => {
            signed(body, args::named(desk, "signer", name)?, on.unwrap_or(desk.happened))
        }
        Some(Decision::Signed { signer: None, on }) => {
            let on = on.unwrap_or(desk.happened);
            signed(body, seat_holder(desk, body, on)?, on)
        }
        Some(Decision::Submit) | None => {
            let operator = desk.world.operator();
            let signer = Named {
                person: operator.person,
                name: operator.name.clone(),
            };
            Decided {
                how: "account".into(),
                ..signed(body, signer, desk.happened)
            }
        }
    };
    if body == BodyRef::Steering
        && decided.meeting.is_none()
        && !desk.rehearsing
        && desk
            .about
            .get()
            .is_some_and(|a| super::routing::conflicted(desk, body, a))
    {
        return Err(Refusal::new("recused", "对象在指委会任职，须由指委会集体决定，本人不参加").hint("按“已上会”办理"));
    }
    if decided.on > desk.world.today() {
        return Err(Refusal::new(
            "future_date",
            format!("签批日期 {} 在今天之后", decided.on),
        ));
    }
    if let Some(signer) = &decided.signer
        && let Some(same) = apart.iter().find(|n| n.same_as(signer))
    {
        return Err(Refusal::new(
            "same_person",
            format!(
                "签批人“{}”在此前的步骤中已具名，提出、批准、核验须为不同的人",
                same.name
            ),
        )
        .hint("核对签批人，或由他人签批（--signer …）"));
    }
    Ok(decided)
}

fn signed(body: BodyRef, signer: Named, on: NaiveDate) -> Decided {
    Decided {
        how: "signed".into(),
        body,
        signer: Some(signer),
        on,
        meeting: None,
        votes: None,
    }
}

/// The holder of the seat whose signature the policy asks for.
pub fn seat_holder(desk: &Desk, body: BodyRef, on: NaiveDate) -> Result<Named, Refusal> {
    if desk.rehearsing {
        return Ok(Named {
            person: None,
            name: "（待签）".into(),
        });
    }
    let role = desk.world.policy().signer_role(body);
    desk.world.seat_holder(body, role, on).ok_or_else(|| {
        let name = desk.body_label(body);
        Refusal::new(
            "vacant_seat",
            format!("{name}{}席位在 {on} 无人任职，不知由谁签批", role.label()),
        )
        .hint("写明签批人（--signer 姓名），或先登记任职")
    })
}
