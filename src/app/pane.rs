//! One pane: its parts, which of them has the keys, and what it asks the file for.

use super::detail::Card;
use super::layout::{is_wide, layout};
use super::list::List;
use super::msg::Request;
use super::nav::Nav;
use super::store::{ActionState, ListQuery};

/// The panes of this console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaneId {
    /// 1 今日.
    Today,
    /// 2 风险点.
    Points,
    /// 3 预警.
    Warnings,
    /// 4 三诫勉.
    Admonitions,
    /// 5 台账.
    Registers,
    /// 6 干部.
    People,
    /// 8 统计.
    Figures,
}

/// A list of a pane: its title, its register, and the filter that is always on.
pub type ListOf = (&'static str, &'static str, Option<(&'static str, &'static str)>);

impl PaneId {
    /// All of them, in the order of their digits.
    pub const ALL: [PaneId; 7] = [
        PaneId::Today,
        PaneId::Points,
        PaneId::Warnings,
        PaneId::Admonitions,
        PaneId::Registers,
        PaneId::People,
        PaneId::Figures,
    ];

    /// The digit that leads there.
    pub fn digit(self) -> u8 {
        match self {
            PaneId::Today => 1,
            PaneId::Points => 2,
            PaneId::Warnings => 3,
            PaneId::Admonitions => 4,
            PaneId::Registers => 5,
            PaneId::People => 6,
            PaneId::Figures => 8,
        }
    }

    /// Its name.
    pub fn label(self) -> &'static str {
        match self {
            PaneId::Today => "今日",
            PaneId::Points => "风险点",
            PaneId::Warnings => "预警",
            PaneId::Admonitions => "三诫勉",
            PaneId::Registers => "台账",
            PaneId::People => "干部",
            PaneId::Figures => "统计",
        }
    }

    /// The register its list and its 新建 belong to.
    pub fn register(self) -> &'static str {
        match self {
            PaneId::Today => "today",
            PaneId::Points => "risk_point",
            PaneId::Warnings => "warning",
            PaneId::Admonitions => "admonition",
            PaneId::Registers => "registers",
            PaneId::People => "person",
            PaneId::Figures => "figures",
        }
    }

    /// The titles of its lists, with what each shows.
    pub fn lists(self) -> &'static [ListOf] {
        match self {
            PaneId::Today => &[("今日待办", "today", None)],
            PaneId::Points => &[("风险点", "risk_point", None)],
            PaneId::Warnings => &[("预警事项", "warning", None)],
            PaneId::Admonitions => &[
                ("诫勉提醒", "admonition", Some(("kind", "reminder"))),
                ("诫勉督导", "admonition", Some(("kind", "supervision"))),
                ("诫勉纠错", "admonition", Some(("kind", "correction"))),
                ("问责处理", "accountability", None),
                ("申诉", "appeal", None),
                ("限制中", "restriction", None),
            ],
            PaneId::Registers => &[("记录", "registers", None)],
            PaneId::People => &[("干部", "person", None)],
            PaneId::Figures => &[("数字", "figures", None)],
        }
    }

    /// What to do while its register is empty.
    pub fn empty_hint(self) -> &'static str {
        match self {
            PaneId::Today => "今天没有要办的：没有逾期、没有待签待送，本周也没有到期的。",
            PaneId::Points => {
                "还没有风险点。按 F4 逐个登记；已有一览表的，按 Ctrl-O（菜单“导入表格”）导入；要一次录许多，\
                 按 Ctrl-G 表格录入。"
            }
            PaneId::Warnings => "没有在办的预警事项。依次按 0 1 登记一件（来信、来电、检查发现等）。",
            PaneId::Admonitions | PaneId::Figures => "（没有）",
            PaneId::Registers => {
                "这本台账还没有记录。按 F4 登记一条；已有表格的，按 Ctrl-O 导入；要一次录许多，按 Ctrl-G 表格录入。"
            }
            PaneId::People => "还没有人员。按 F4 登记；已有名册的，按 Ctrl-O（菜单“导入表格”）导入。",
        }
    }

    /// The title of its left part.
    pub fn nav_label(self) -> &'static str {
        match self {
            PaneId::Points => "单位 科室 岗位",
            PaneId::Warnings => "队列",
            PaneId::Today | PaneId::Admonitions => "",
            PaneId::Registers => "台账",
            PaneId::People => "单位",
            PaneId::Figures => "图表",
        }
    }
}

/// Which part has the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focus {
    /// The left part.
    Nav,
    /// A list.
    List(usize),
    /// The detail.
    Detail,
}

/// A pane and everything in it.
#[derive(Clone, Debug)]
pub struct Pane {
    /// Which one.
    pub id: PaneId,
    /// Its left part.
    pub nav: Option<Nav>,
    /// Its lists.
    pub lists: Vec<List>,
    /// The list the detail goes by.
    pub list: usize,
    /// Which part has the keys.
    pub focus: Focus,
    /// The matter under the cursor.
    pub card: Card,
    /// Whether the second page is shown, in a narrow window.
    pub second_page: bool,
    /// What can be done without a matter.
    pub general: Vec<ActionState>,
    /// What its list shows instead of what the left part says: a batch, with its name.
    pub only: Option<(String, ListQuery)>,
    /// Whether it has to be fetched again before it is shown.
    pub stale: bool,
}

impl Pane {
    /// A pane that knows nothing yet.
    pub fn new(id: PaneId) -> Pane {
        Pane {
            id,
            nav: (!id.nav_label().is_empty()).then(Nav::default),
            lists: vec![List::default(); id.lists().len()],
            list: 0,
            focus: Focus::List(0),
            card: Card::default(),
            second_page: false,
            general: Vec::new(),
            only: None,
            stale: true,
        }
    }

    /// The place of this pane among the others, for tickets.
    pub fn place(&self) -> usize {
        PaneId::ALL.iter().position(|id| *id == self.id).unwrap_or(0)
    }

    /// The list the detail and the acts go by.
    pub fn current(&self) -> &List {
        &self.lists[self.list]
    }

    /// As [`Pane::current`], to change it.
    pub fn current_mut(&mut self) -> &mut List {
        &mut self.lists[self.list]
    }

    /// What list `at` shows with the left part as it stands: a row of the left part that names a register shows that.
    pub fn query(&self, at: usize) -> ListQuery {
        if let Some((_, query)) = &self.only {
            return query.clone();
        }
        let (_, register, filter) = self.id.lists()[at];
        let row = self.nav.as_ref().and_then(Nav::current);
        let mut filters = row.map(|row| row.filters.clone()).unwrap_or_default();
        filters.extend(filter.map(|(key, value)| (key.to_owned(), value.to_owned())));
        let named = row.and_then(|row| row.register.clone());
        ListQuery {
            register: named.unwrap_or_else(|| register.to_owned()),
            filters,
        }
    }

    /// The register 新建 and the acts without a matter belong to.
    pub fn register(&self) -> &str {
        let named = self.nav.as_ref().and_then(Nav::current);
        named
            .and_then(|row| row.register.as_deref())
            .unwrap_or(self.id.register())
    }

    /// Asks for everything it shows; the cursors stay on their records.
    pub fn reload(&mut self) -> Vec<Request> {
        self.stale = false;
        self.card.asked = None;
        let place = self.place();
        let mut requests = vec![Request::Actions(self.register().to_owned())];
        if self.nav.is_some() {
            requests.push(Request::Nav {
                pane: place,
                register: self.id.register().to_owned(),
                parent: None,
            });
        }
        for at in 0..self.lists.len() {
            // the list of a pane with a left part waits for it the first time: its filters come from there
            if self.nav.as_ref().is_some_and(|nav| nav.rows.is_empty()) {
                continue;
            }
            let query = self.query(at);
            let list = &mut self.lists[at];
            requests.extend(if list.filled && list.query == query {
                list.reload((place, at))
            } else {
                list.show(query, (place, at))
            });
        }
        requests
    }

    /// Shows in the lists what the left part's cursor stands on, if that is something else than now.
    pub fn follow_nav(&mut self) -> Vec<Request> {
        let place = self.place();
        let mut requests = Vec::new();
        for at in 0..self.lists.len() {
            let query = self.query(at);
            if query != self.lists[at].query || !self.lists[at].filled && !self.lists[at].is_waiting() {
                requests.push(Request::Actions(query.register.clone()));
                requests.extend(self.lists[at].show(query, (place, at)));
            }
        }
        requests
    }

    /// The rows in sight of list `at`.
    pub fn height(&self, at: usize, size: (u16, u16)) -> usize {
        let inside = layout(self.id, size)
            .lists
            .get(at)
            .map(|area| area.inside().h)
            .unwrap_or(0);
        usize::from(match (self.id, at) {
            // two lines a row: three lists stand side by side
            (PaneId::Admonitions, 0..=4) => inside / 2,
            (PaneId::Admonitions, _) => inside,
            // one line for the titles of the columns
            _ => inside.saturating_sub(1),
        })
    }

    /// The rows in sight of the left part.
    pub fn nav_height(&self, size: (u16, u16)) -> usize {
        usize::from(layout(self.id, size).nav.map_or(0, |area| area.inside().h))
    }

    /// Gives the keys to the next part, or the one before.
    pub fn next_part(&mut self, back: bool, size: (u16, u16)) {
        let mut parts: Vec<Focus> = Vec::new();
        if self.nav.is_some() {
            parts.push(Focus::Nav);
        }
        parts.extend((0..self.lists.len()).map(Focus::List));
        if is_wide(size) {
            parts.push(Focus::Detail);
        }
        let at = parts.iter().position(|part| *part == self.focus).unwrap_or(0);
        let next = if back { at + parts.len() - 1 } else { at + 1 } % parts.len();
        self.set_focus(parts[next]);
    }

    /// Gives the keys to a part; the detail goes by the last list that had them.
    pub fn set_focus(&mut self, focus: Focus) {
        self.focus = focus;
        if let Focus::List(at) = focus {
            self.list = at;
        }
    }
}
