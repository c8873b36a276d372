//! 快速分拣: one report at a time, a digit and Enter for the verdict.

use super::edit::Editor;
use super::store::{ActRequest, Candidate, Choice, Held, Report, Sitting};

/// The verb under which it begins: the form asks for 评估人.
pub const TRIAGE: &str = "triage";

/// What a verdict asks besides its digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// Nothing.
    Nothing,
    /// A sentence; one stands there already.
    Sentence,
    /// One of the matters of the unit.
    Merge,
    /// A receiving office above, or a unit by name.
    Elsewhere,
    /// A day.
    Until,
}

/// One verdict.
#[derive(Debug)]
pub struct Verdict {
    /// Its digit.
    pub digit: u8,
    /// Its name.
    pub label: &'static str,
    /// The verb it is; empty for 暂放.
    pub verb: &'static str,
    /// The field it fills.
    pub field: &'static str,
    /// What it asks besides.
    pub asks: Asks,
    /// Whether somebody has to sign.
    pub signed: bool,
}

const fn verdict(digit: u8, label: &'static str, (verb, field): (&'static str, &'static str), asks: Asks) -> Verdict {
    Verdict {
        digit,
        label,
        verb,
        field,
        asks,
        signed: false,
    }
}

const fn signed(mut verdict: Verdict) -> Verdict {
    verdict.signed = true;
    verdict
}

/// The verdicts, in the order they stand at the foot.
pub const VERDICTS: [Verdict; 9] = [
    verdict(1, "一级红", ("assess", "grade"), Asks::Nothing),
    verdict(2, "二级橙", ("assess", "grade"), Asks::Nothing),
    verdict(3, "三级黄", ("assess", "grade"), Asks::Nothing),
    signed(verdict(4, "不予预警（存查）", ("no_warning", "reason"), Asks::Sentence)),
    signed(verdict(5, "不予受理", ("reject_report", "reason"), Asks::Sentence)),
    verdict(6, "并件", ("merge", "into"), Asks::Merge),
    verdict(7, "上报/转办", ("pass_up", "to"), Asks::Elsewhere),
    signed(verdict(8, "移送线索", ("refer_clue", "receiver"), Asks::Sentence)),
    verdict(0, "暂放", ("", ""), Asks::Until),
];

/// The triage on show.
#[derive(Clone, Debug, Default)]
pub struct Triage {
    /// Where it stands.
    pub sitting: Sitting,
    /// The reports to be seen, the most urgent first; none before the first answer.
    pub queue: Option<Vec<String>>,
    /// The one on show.
    pub at: usize,
    /// It, once it is there.
    pub report: Option<Box<Report>>,
    /// Whether what is on show was drawn: before that no key counts.
    pub drawn: bool,
    /// The verdict chosen, in [`VERDICTS`].
    pub chosen: Option<usize>,
    /// What of its choices is picked.
    pub picked: Option<usize>,
    /// The sentence that goes with it, or the unit being typed.
    pub editor: Editor,
    /// Whether the keys go into the sentence.
    pub typing: bool,
    /// Units that match what is typed.
    pub units: Vec<Candidate>,
    /// What was done in this sitting, to go back by.
    pub done: Vec<Step>,
    /// Lines scrolled away above.
    pub scroll: u16,
    /// What went wrong.
    pub problem: Option<String>,
    /// What came of handing it in, at the very end.
    pub sent: Option<Vec<String>>,
    /// What is being waited for.
    pub wait: Option<Wait>,
}

/// What the triage waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// A verdict being recorded.
    Verdict,
    /// A verdict being taken back.
    Back,
    /// What is signed being handed in.
    Send,
}

/// One verdict given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// The report.
    pub stream: String,
    /// The verdict's digit.
    pub digit: u8,
}

impl Triage {
    /// Whether all reports were seen.
    pub fn ended(&self) -> bool {
        self.queue.as_ref().is_some_and(|queue| self.at >= queue.len())
    }

    /// Whether keys count: what they mean has been seen, and nothing is under way.
    pub fn ready(&self) -> bool {
        self.drawn && self.wait.is_none() && (self.report.is_some() || self.ended())
    }

    /// The verdict chosen.
    pub fn verdict(&self) -> Option<&'static Verdict> {
        self.chosen.map(|at| &VERDICTS[at])
    }

    /// The numbered choices of the verdict chosen.
    pub fn choices(&self) -> Vec<Choice> {
        let (Some(verdict), Some(report)) = (self.verdict(), &self.report) else {
            return Vec::new();
        };
        match verdict.asks {
            Asks::Merge => report.merge.clone(),
            Asks::Until => report.until.clone(),
            Asks::Elsewhere if self.typing => {
                let choice = |(digit, unit): (u8, &Candidate)| Choice {
                    digit,
                    id: unit.id.clone(),
                    label: unit.label.clone(),
                    reason: None,
                };
                (1..).zip(&self.units).map(choice).collect()
            }
            Asks::Elsewhere => {
                let mut choices = report.upward.clone();
                let digit = choices.len() + 1;
                choices.push(Choice {
                    digit: u8::try_from(digit).unwrap_or(9),
                    id: String::new(),
                    label: "转办其他单位（接着输入单位）".into(),
                    reason: None,
                });
                choices
            }
            Asks::Nothing | Asks::Sentence => Vec::new(),
        }
    }

    /// Why the verdict chosen is not possible here.
    pub fn refusal(&self, verdict: &Verdict) -> Option<&str> {
        let report = self.report.as_ref()?;
        let found = report.refused.iter().find(|(verb, _)| verb == verdict.verb);
        found.map(|(_, reason)| reason.as_str())
    }

    /// Chooses a verdict by its digit.
    pub fn choose(&mut self, digit: u8) {
        let Some(at) = VERDICTS.iter().position(|verdict| verdict.digit == digit) else {
            return;
        };
        self.unchoose();
        let verdict = &VERDICTS[at];
        if let Some(reason) = self.refusal(verdict) {
            self.problem = Some(format!("不能“{}”：{reason}", verdict.label));
            return;
        }
        if verdict.asks == Asks::Merge && self.report.as_ref().is_some_and(|report| report.merge.is_empty()) {
            self.problem = Some("没有可并入的在办事项。".into());
            return;
        }
        self.chosen = Some(at);
        let receiver = self.report.as_ref().map(|report| report.receiver.clone());
        let sentence = match digit {
            4 => "经评估，尚未达到预警条件，存查。".to_owned(),
            5 => "不属于受理范围。".to_owned(),
            8 => receiver.unwrap_or_default(),
            _ => String::new(),
        };
        self.editor = Editor::one_line().with(&sentence);
    }

    /// Forgets the verdict chosen.
    pub fn unchoose(&mut self) {
        self.chosen = None;
        self.picked = None;
        self.typing = false;
        self.units.clear();
        self.editor = Editor::one_line();
    }

    /// The act of the verdict chosen, or what it still asks for. None for 暂放.
    pub fn act(&self) -> Result<ActRequest, &'static str> {
        let (Some(verdict), Some(report)) = (self.verdict(), &self.report) else {
            return Err("请先按数字选择结论。");
        };
        let picked = self.picked.and_then(|at| self.choices().into_iter().nth(at));
        let sentence = self.editor.text().trim().to_owned();
        let analysts = self.sitting.analysts.join(",");
        let (verb, values) = match (verdict.asks, picked) {
            (Asks::Nothing, _) => {
                let grade = ["red", "orange", "yellow"][usize::from(verdict.digit.clamp(1, 3)) - 1];
                let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
                (verdict.verb, vec![pair("grade", grade), pair("analysts", &analysts)])
            }
            (Asks::Sentence, _) if sentence.is_empty() => return Err("请先写明内容（按 Tab 或直接打字）。"),
            (Asks::Sentence, _) => (verdict.verb, vec![(verdict.field.to_owned(), sentence)]),
            (Asks::Merge | Asks::Until, Some(choice)) => (verdict.verb, vec![(verdict.field.to_owned(), choice.id)]),
            (Asks::Elsewhere, Some(choice)) if self.typing => (
                "hand_over",
                vec![
                    ("unit".to_owned(), choice.id),
                    ("reason".to_owned(), "分拣转办".to_owned()),
                ],
            ),
            (Asks::Elsewhere, Some(choice)) if !choice.id.is_empty() => (
                verdict.verb,
                vec![
                    (verdict.field.to_owned(), choice.id),
                    ("reason".to_owned(), "分拣上报".to_owned()),
                ],
            ),
            (Asks::Elsewhere, _) if self.typing => return Err("请输入单位名称或首字母，再按数字选定。"),
            _ => return Err("请再按一个数字选定。"),
        };
        Ok(ActRequest {
            verb: verb.to_owned(),
            targets: vec![(report.stream.clone(), report.version)],
            values,
            ..ActRequest::default()
        })
    }

    /// Notes a verdict given, and goes on to the next report.
    pub fn note(&mut self, act: &ActRequest) -> bool {
        let (Some(verdict), Some(report)) = (self.verdict(), &self.report) else {
            return false;
        };
        let stream = report.stream.clone();
        let value = act.values.first().cloned().unwrap_or_default();
        if verdict.digit == 0 {
            self.sitting.parked.push((stream.clone(), value.1));
        } else if verdict.signed {
            self.sitting.held.push(Held {
                stream: stream.clone(),
                version: report.version,
                verb: verdict.verb.to_owned(),
                field: value,
            });
        } else if verdict.verb == "assess" {
            self.sitting.assessed.push(stream.clone());
        }
        self.sitting.counts[usize::from(verdict.digit)] += 1;
        self.done.push(Step {
            stream,
            digit: verdict.digit,
        });
        self.at += 1;
        self.leave();
        true
    }

    /// Withdraws the last verdict from the notes, and goes back to its report.
    pub fn withdraw(&mut self) {
        let Some(step) = self.done.pop() else { return };
        self.sitting.parked.retain(|(stream, _)| *stream != step.stream);
        self.sitting.held.retain(|held| held.stream != step.stream);
        self.sitting.assessed.retain(|stream| *stream != step.stream);
        let count = &mut self.sitting.counts[usize::from(step.digit)];
        *count = count.saturating_sub(1);
        self.at = self
            .queue
            .as_ref()
            .and_then(|queue| queue.iter().position(|stream| *stream == step.stream))
            .unwrap_or(self.at);
        self.leave();
    }

    /// Shows nothing until the report is there.
    pub fn leave(&mut self) {
        self.unchoose();
        self.report = None;
        self.drawn = false;
        self.scroll = 0;
        self.problem = None;
    }

    /// Reports not seen yet, those put off among them.
    pub fn left(&self) -> usize {
        let unseen = self
            .queue
            .as_ref()
            .map_or(0, |queue| queue.len().saturating_sub(self.at));
        unseen + self.sitting.parked.len()
    }

    /// Whether something of this sitting waits for a signature.
    pub fn waits_for_signature(&self) -> bool {
        !self.sitting.assessed.is_empty() || !self.sitting.held.is_empty()
    }

    /// What was done, in words.
    pub fn summary(&self) -> String {
        let words: Vec<String> = VERDICTS
            .iter()
            .filter_map(|verdict| {
                let count = self.sitting.counts[usize::from(verdict.digit)];
                (count > 0).then(|| format!("{} {count} 件", verdict.label))
            })
            .collect();
        let done = if words.is_empty() {
            "尚未下结论".to_owned()
        } else {
            words.join("、")
        };
        format!("{done}；用时 {}", duration(self.sitting.seconds))
    }
}

fn duration(seconds: u64) -> String {
    match seconds / 60 {
        0 => "不足 1 分钟".to_owned(),
        minutes if minutes < 60 => format!("{minutes} 分钟"),
        minutes => format!("{} 小时 {} 分钟", minutes / 60, minutes % 60),
    }
}
