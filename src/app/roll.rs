//! 名单核查: a list of names, each answered in its row, for one act or for all.

use super::edit::Editor;
use super::key::Key;
use super::store::{Candidate, PeopleAnswer, PeopleAsk, PeopleReply, Standing, Verdict};

/// For what a list is checked: digit, value, name.
pub const ACTS: [(u8, &str, &str); 4] = [
    (1, "promotion", "提拔"),
    (2, "transfer", "调动"),
    (3, "commendation", "评先评优"),
    (4, "", "三项都查"),
];

/// What is being typed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Step {
    /// Nothing: a digit says for what the list is checked.
    #[default]
    Act,
    /// A name.
    Name,
    /// The path of a file with names.
    File,
    /// The path the answers are written to.
    Write,
}

/// The list.
#[derive(Clone, Debug, Default)]
pub struct Roll {
    /// What is being typed.
    pub step: Step,
    /// For what it is checked, by its place in [`ACTS`].
    pub act: usize,
    /// The field at the top.
    pub editor: Editor,
    /// Who may be meant by what is typed.
    pub offered: Vec<Candidate>,
    /// The names, as typed or by the code picked.
    pub names: Vec<String>,
    /// The answers, in the order of the names they were asked for.
    pub verdicts: Vec<Verdict>,
    /// The row under the cursor.
    pub cursor: usize,
    /// The first row in sight.
    pub top: usize,
    /// What was said last, and whether it is a no.
    pub said: Option<(bool, String)>,
    /// Esc was pressed once on a list with names in it.
    leaving: bool,
    /// Enter was pressed before the candidates were there.
    take_first: bool,
    /// After the next answer the cursor goes to the first row that wants a choice.
    seek: bool,
}

/// What comes of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RollEvent {
    /// Only the list changed.
    Nothing,
    /// Given up.
    Close,
    /// Ask this.
    Ask(Vec<PeopleAsk>),
    /// Show this matter.
    Open(String),
}

impl Roll {
    /// What the list is checked for, in the act's words.
    pub fn act_label(&self) -> &'static str {
        ACTS[self.act].2
    }

    /// The answer under the cursor.
    pub fn current(&self) -> Option<&Verdict> {
        self.verdicts.get(self.cursor)
    }

    /// How many stand so.
    pub fn count(&self, standing: Standing) -> usize {
        self.verdicts.iter().filter(|one| one.standing == standing).count()
    }

    /// Acts on a key; `height` rows are in sight.
    pub fn key(&mut self, key: Key, height: usize) -> RollEvent {
        self.said = None;
        let leaving = std::mem::take(&mut self.leaving);
        let event = match key {
            Key::Esc => return self.esc(leaving),
            _ if self.step == Step::Act => self.choose_act(key),
            Key::Tab | Key::BackTab if self.step == Step::Name => {
                let step = if key == Key::Tab { 1 } else { ACTS.len() - 1 };
                self.act = (self.act + step) % ACTS.len();
                self.check()
            }
            Key::F(4) => self.type_into(Step::File, ""),
            Key::Ctrl('e') | Key::F(5) if self.names.is_empty() => self.no("名单还是空的，先录入姓名。"),
            Key::Ctrl('e') | Key::F(5) if self.step != Step::Write => self.type_into(Step::Write, ""),
            Key::Up | Key::Down | Key::PgUp | Key::PgDn => {
                self.walk(key, height);
                RollEvent::Nothing
            }
            Key::Enter | Key::F(5) => self.enter(),
            Key::Delete if self.editor.is_empty() && self.step == Step::Name => self.remove(),
            _ => self.typed(key),
        };
        self.keep_in_sight(height);
        event
    }

    fn esc(&mut self, leaving: bool) -> RollEvent {
        match self.step {
            Step::File | Step::Write => self.type_into(Step::Name, ""),
            _ if !self.editor.is_empty() => {
                self.clear();
                RollEvent::Nothing
            }
            _ if self.names.is_empty() || leaving => RollEvent::Close,
            _ => {
                self.leaving = true;
                self.no("名单没有写出；再按一次 Esc 放弃，F5 写出结果。")
            }
        }
    }

    fn choose_act(&mut self, key: Key) -> RollEvent {
        let digit = key.folded().digit();
        match ACTS.iter().position(|(number, ..)| Some(*number) == digit) {
            Some(at) => {
                self.act = at;
                self.step = Step::Name;
            }
            None => return self.no("请按数字选择核查事项。"),
        }
        RollEvent::Nothing
    }

    fn type_into(&mut self, step: Step, text: &str) -> RollEvent {
        self.step = step;
        self.clear();
        self.editor.insert(text);
        RollEvent::Nothing
    }

    fn clear(&mut self) {
        self.editor.set("");
        self.offered.clear();
        self.take_first = false;
    }

    fn no(&mut self, sentence: &str) -> RollEvent {
        self.said = Some((true, sentence.to_owned()));
        RollEvent::Nothing
    }

    fn walk(&mut self, key: Key, height: usize) {
        let page = isize::try_from(height.saturating_sub(1).max(1)).unwrap_or(1);
        let by = match key {
            Key::Up => -1,
            Key::Down => 1,
            Key::PgUp => -page,
            _ => page,
        };
        let last = self.verdicts.len().saturating_sub(1);
        self.cursor = self.cursor.saturating_add_signed(by).min(last);
    }

    fn keep_in_sight(&mut self, height: usize) {
        let height = height.max(1);
        self.cursor = self.cursor.min(self.names.len().saturating_sub(1));
        self.top = self.top.min(self.cursor).max((self.cursor + 1).saturating_sub(height));
    }

    fn enter(&mut self) -> RollEvent {
        let text = self.editor.text().trim().to_owned();
        match self.step {
            Step::File if !text.is_empty() => RollEvent::Ask(vec![PeopleAsk::File(text)]),
            Step::File => self.no("请写出名单文件的完整路径。"),
            Step::Write => RollEvent::Ask(vec![PeopleAsk::Write {
                names: self.names.clone(),
                act: ACTS[self.act].1.to_owned(),
                path: text,
            }]),
            _ if text.is_empty() => match self.current() {
                Some(one) if !one.stream.is_empty() => RollEvent::Open(one.stream.clone()),
                Some(one) if one.standing == Standing::Several => self.no("同名的请按数字选定是哪一个人。"),
                Some(_) => self.no("名录里没有这个人，没有可看的。"),
                None => RollEvent::Nothing,
            },
            _ => match self.first_offered() {
                Some(first) => self.add(vec![first]),
                None if self.is_letters() => {
                    // the candidates are on their way
                    self.take_first = true;
                    RollEvent::Ask(vec![PeopleAsk::Offer(self.editor.text().to_owned())])
                }
                None => self.add(vec![text]),
            },
        }
    }

    /// What Enter takes: the first one offered, but of namesakes none by itself; the row then asks which.
    fn first_offered(&self) -> Option<String> {
        let first = self.offered.first()?;
        let namesakes = self.offered.iter().filter(|one| one.label == first.label).count();
        Some(if namesakes > 1 {
            first.label.clone()
        } else {
            first.id.clone()
        })
    }

    fn is_letters(&self) -> bool {
        self.editor.text().chars().any(|c| c.is_ascii_alphabetic())
    }

    fn typed(&mut self, key: Key) -> RollEvent {
        let digit = key
            .folded()
            .digit()
            .filter(|digit| *digit > 0)
            .map(|digit| usize::from(digit) - 1);
        if let (Some(at), Step::Name) = (digit, self.step) {
            if self.editor.is_empty() {
                return self.pick(at);
            }
            // a code holds digits itself
            if let Some(one) = self.offered.get(at).filter(|_| !self.editor.text().contains('-')) {
                let id = one.id.clone();
                return self.add(vec![id]);
            }
        }
        self.editor.key(key, 0);
        if self.step != Step::Name {
            return RollEvent::Nothing;
        }
        if self.editor.text().trim().is_empty() {
            self.offered.clear();
            return RollEvent::Nothing;
        }
        RollEvent::Ask(vec![PeopleAsk::Offer(self.editor.text().to_owned())])
    }

    /// Says who is meant by the row under the cursor.
    fn pick(&mut self, at: usize) -> RollEvent {
        let choices = self.current().map(|one| one.choices.clone()).unwrap_or_default();
        match (choices.is_empty(), choices.get(at)) {
            (true, _) => self.no("这一行不用选；直接打姓名或首字母可继续录入。"),
            (false, None) => self.no("没有这个数字。"),
            (false, Some(one)) => {
                self.names[self.cursor].clone_from(&one.id);
                self.seek = true;
                self.check()
            }
        }
    }

    fn remove(&mut self) -> RollEvent {
        if self.cursor >= self.names.len() {
            return RollEvent::Nothing;
        }
        self.names.remove(self.cursor);
        if self.cursor < self.verdicts.len() {
            self.verdicts.remove(self.cursor);
        }
        RollEvent::Nothing
    }

    /// Names that are not in the list yet.
    fn add(&mut self, names: Vec<String>) -> RollEvent {
        self.type_into(Step::Name, "");
        let given = names.len();
        // twice in one block may be two people; what was there before is not asked again
        let mut before = self.names.clone();
        before.extend(self.verdicts.iter().map(|one| one.code.clone()));
        let mut twice = 0;
        for name in names {
            if before.contains(&name) {
                twice += 1;
            } else {
                self.names.push(name);
            }
        }
        let told = match (given, twice) {
            (0, _) => Some((true, "里面没有找到姓名。".to_owned())),
            (_, 0) => None,
            (1, _) => Some((true, "名单里已经有了。".to_owned())),
            (_, n) => Some((false, format!("已去掉重复的 {n} 个。"))),
        };
        self.said = told;
        if given == twice {
            return RollEvent::Nothing;
        }
        if given == 1 {
            self.cursor = self.names.len() - 1;
        } else {
            self.seek = true;
        }
        self.check()
    }

    /// What the list stands on; nothing while it is empty.
    pub fn question(&self) -> Option<PeopleAsk> {
        (!self.names.is_empty()).then(|| PeopleAsk::Check {
            names: self.names.clone(),
            act: ACTS[self.act].1.to_owned(),
        })
    }

    fn check(&mut self) -> RollEvent {
        self.question()
            .map_or(RollEvent::Nothing, |asked| RollEvent::Ask(vec![asked]))
    }

    /// A block pasted: one name goes into the field, more go into the list.
    pub fn paste(&mut self, text: &str) -> RollEvent {
        self.said = None;
        match self.step {
            Step::File | Step::Write => {
                self.editor.insert(text.trim().trim_matches('"'));
                RollEvent::Nothing
            }
            Step::Act => {
                // in a hurry: everything is checked, Tab narrows it
                self.act = ACTS.len() - 1;
                RollEvent::Ask(vec![PeopleAsk::Block(text.to_owned())])
            }
            Step::Name => RollEvent::Ask(vec![PeopleAsk::Block(text.to_owned())]),
        }
    }

    /// Takes an answer in; one to an older question changes nothing.
    pub fn take(&mut self, asked: &PeopleAsk, answer: PeopleReply) -> RollEvent {
        match (asked, answer) {
            (_, Err(problem)) => {
                self.said = Some((
                    true,
                    format!("{} {}", problem.reason, problem.hint).trim_end().to_owned(),
                ));
            }
            (PeopleAsk::Offer(typed), Ok(PeopleAnswer::Offer(found))) if self.editor.text() == typed => {
                self.offered = found;
                if std::mem::take(&mut self.take_first) {
                    let name = self.first_offered().unwrap_or_else(|| typed.trim().to_owned());
                    return self.add(vec![name]);
                }
            }
            (PeopleAsk::Check { names, .. }, Ok(PeopleAnswer::Check(verdicts))) if *names == self.names => {
                self.verdicts = verdicts;
                if std::mem::take(&mut self.seek) {
                    let unclear = self.verdicts.iter().position(|one| one.standing == Standing::Several);
                    self.cursor = unclear.unwrap_or(self.cursor);
                }
            }
            (_, Ok(PeopleAnswer::Names(names))) => return self.add(names),
            (_, Ok(PeopleAnswer::Written(path))) => {
                self.type_into(Step::Name, "");
                self.said = Some((false, format!("已写成 {path}")));
            }
            _ => {}
        }
        RollEvent::Nothing
    }
}

#[cfg(test)]
#[path = "roll_tests.rs"]
mod tests;
