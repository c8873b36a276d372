//! What people type for matters, bodies and operators, found in the directory.

use crate::domain::SeatRole;
use crate::domain::fault::{Refusal, Stop};
use crate::domain::ids::{BodyRef, StreamId};
use crate::domain::telling::Teller;
use crate::domain::width::narrow;
use crate::domain::world::{Operator, World};
use crate::ledger::office::local_operator;
use crate::ledger::query::{ListQuery, Reader};

/// A matter by its code (any case, full-width forms too) or its stream id.
pub fn matter(world: &dyn World, text: &str) -> Result<StreamId, Stop> {
    let typed: String = text.trim().chars().map(half_width).collect();
    let known = |id: &StreamId| world.state(*id).is_some();
    let found = world
        .by_code(&typed)
        .or_else(|| world.by_code(&typed.to_ascii_uppercase()))
        .or_else(|| StreamId::parse(&typed).filter(known));
    found.ok_or_else(|| {
        Refusal::new("not_found", format!("没有编号为“{}”的事项", text.trim()))
            .hint("请核对编号；按内容查用 lianneng list 台账 --find 文字。")
            .into()
    })
}

/// A body by its id (`steering`, `implementation:DW-XY-0012`) or its Chinese name (`财政局推委会`).
pub fn body(world: &dyn World, text: &str) -> Result<BodyRef, Stop> {
    let typed = text.trim();
    let unit = |name: &str| -> Result<StreamId, Stop> {
        if let Some(id) = world.by_code(name).or_else(|| StreamId::parse(name)) {
            return Ok(id);
        }
        let live = |id: &StreamId| world.state(*id).is_some_and(|state| state.counts());
        match world
            .titled("unit", name)
            .into_iter()
            .filter(live)
            .collect::<Vec<_>>()
            .as_slice()
        {
            [one] => Ok(*one),
            [] => Err(unknown(typed)),
            several => {
                let codes = several
                    .iter()
                    .filter_map(|id| world.state(*id))
                    .map(|state| state.code().to_owned());
                let hint = format!("请改写编号：{}。", codes.collect::<Vec<_>>().join("、"));
                Err(
                    Refusal::new("ambiguous", format!("名为“{name}”的单位有 {} 个", several.len()))
                        .hint(hint)
                        .into(),
                )
            }
        }
    };
    let found = match typed.split_once([':', '：']) {
        Some(("implementation", name)) => BodyRef::Implementation(unit(name)?),
        Some(("social", name)) => BodyRef::Social(unit(name)?),
        _ => match BodyRef::parse(typed).or_else(|| by_fixed_name(typed)) {
            Some(body) => body,
            None => by_unit_name(typed, &unit)?,
        },
    };
    // A community has no 推委会: only bodies that were founded can be meant.
    world.body_stream(found).map(|_| found).ok_or_else(|| unknown(typed))
}

fn by_fixed_name(name: &str) -> Option<BodyRef> {
    let alias = match name {
        "执委会" => "指委会",
        "指委会办" | "指委办" => "指委会办公室",
        "区纪委" | "纪委" | "区纪委监委" | "区监察局" => "区纪委监察局",
        other => other,
    };
    BodyRef::FIXED.into_iter().find(|body| body.label("") == alias)
}

fn by_unit_name(name: &str, unit: &dyn Fn(&str) -> Result<StreamId, Stop>) -> Result<BodyRef, Stop> {
    if let Some(unit_name) = name.strip_suffix("推委会") {
        return unit(unit_name).map(BodyRef::Implementation);
    }
    for ending in [
        "社监会(监委会)",
        "社监会（监委会）",
        "社监会",
        "监委会",
        "社会监督委员会",
    ] {
        if let Some(unit_name) = name.strip_suffix(ending) {
            return unit(unit_name).map(BodyRef::Social);
        }
    }
    Err(unknown(name))
}

fn unknown(name: &str) -> Stop {
    let fixed: Vec<String> = BodyRef::FIXED
        .iter()
        .map(|body| format!("{body}（{}）", body.label("")))
        .collect();
    Refusal::new("unknown_body", format!("没有“{name}”这一机构"))
        .hint(format!(
            "可写 {}；单位的写 单位名推委会 或 implementation:单位编号。",
            fixed.join("、")
        ))
        .into()
}

/// The body of `--as`, for which the operator must record.
pub fn capacity(world: &dyn World, operator: &Operator, name: &str) -> Result<BodyRef, Stop> {
    let body = body(world, name)?;
    if operator.serves(body) {
        return Ok(body);
    }
    let label = Teller::new(world).body(body);
    Err(Refusal::new("no_right", format!("{}不代表{label}", operator.name))
        .hint("请改写 --as，或用 --user 换操作员。")
        .into())
}

/// Who asks when nobody is named: in the sample its task force's clerk, elsewhere whoever sits at this machine.
pub fn usual_operator(world: &dyn World) -> Operator {
    let account = world
        .titled("account", SAMPLE_CLERK)
        .first()
        .map(|account| of_account(world, *account));
    account
        .filter(|operator| operator.capacities.is_empty())
        .unwrap_or_else(local_operator)
}

/// The sample's default operator, who records for every body.
const SAMPLE_CLERK: &str = "专班值班员";

/// Who asks: the operator of `--user`, by name, code or login, else the usual one.
pub fn who(
    user: Option<String>,
    reader: impl Fn() -> Result<Reader, Stop>,
    world: &dyn World,
) -> Result<Operator, Stop> {
    let Some(name) = user else {
        return Ok(usual_operator(world));
    };
    let name = name.trim();
    let is_account = |id: &StreamId| {
        world
            .state(*id)
            .is_some_and(|state| state.kind() == "account" && state.counts())
    };
    let mut found: Vec<StreamId> = world.titled("account", name);
    found.extend(world.by_code(name));
    found.retain(is_account);
    if found.is_empty() {
        let by_login = ListQuery {
            register: "account".into(),
            filters: vec![("login".into(), name.to_owned())],
            ..ListQuery::default()
        };
        found.extend(reader()?.list(&by_login)?.items.iter().map(|item| item.stream));
        found.retain(is_account);
    }
    match found.as_slice() {
        [one] => Ok(of_account(world, *one)),
        [] => Err(Refusal::new("not_signed_in", format!("没有“{name}”这个操作账号"))
            .hint("账号见 lianneng list 操作账号；不写 --user 则为本机操作员。")
            .into()),
        several => {
            let named = several.iter().filter_map(|id| world.state(*id));
            let listed: Vec<String> = named
                .map(|state| format!("{} {}", state.code(), state.text("login")))
                .collect();
            Err(
                Refusal::new("ambiguous", format!("名为“{name}”的操作账号有 {} 个", several.len()))
                    .hint(format!("请改写编号或账号：{}。", listed.join("；")))
                    .into(),
            )
        }
    }
}

fn of_account(world: &dyn World, account: StreamId) -> Operator {
    let state = world.state(account);
    let text = |field: &str| state.as_ref().map(|state| state.text(field)).unwrap_or_default();
    let value = |field: &str| state.as_ref().map(|state| state.value(field)).unwrap_or_default();
    let person = StreamId::parse(&text("person"));
    let lines = value("capacities");
    let written = lines.as_array().into_iter().flatten().filter_map(|line| line.as_str());
    let mut capacities: Vec<BodyRef> = written.filter_map(|line| body(world, line).ok()).collect();
    // An account without capacities records for every body; one with some also serves the offices it sits in (§0.28).
    if !capacities.is_empty() {
        let seats = person
            .map(|person| world.referrers("appointment", "person", person))
            .unwrap_or_default();
        capacities.extend(seats.into_iter().filter_map(|seat| records_for(world, seat)));
        capacities.sort_unstable();
        capacities.dedup();
    }
    Operator {
        id: account.to_string(),
        name: text("name"),
        person,
        capacities,
        decides: value("decides").as_bool().unwrap_or(false),
    }
}

/// The body whose office work goes with a seat held today.
fn records_for(world: &dyn World, appointment: StreamId) -> Option<BodyRef> {
    let state = world.state(appointment).filter(|state| state.counts())?;
    let today = world.today().to_string();
    let (from, to) = (state.text("from"), state.text("to"));
    let now = from <= today && (to.is_empty() || today <= to);
    let works = matches!(
        SeatRole::find(&state.text("role")),
        Some(SeatRole::Director | SeatRole::Staff)
    );
    BodyRef::parse(&state.text("body")).filter(|_| now && works)
}

/// A full-width form, as an input method leaves it, as its plain character.
pub fn half_width(c: char) -> char {
    match c {
        '—' | '–' | '−' | '‐' => '-',
        other => narrow(other),
    }
}
