//! The one table of what the keyboard does: it feeds the keymap, the bar, the help and the menu.

use super::key::Key;
use super::store::{Deed, Slot};

/// Everything a key can mean outside fields and dialogs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Do {
    /// Go to a pane.
    Pane(u8),
    /// The menu.
    Menu,
    /// One row, page or end.
    Move,
    /// The next or previous part.
    Part,
    /// Open, or back.
    Open,
    /// See [`Do::Open`].
    Back,
    /// Mark a row.
    Mark,
    /// Mark all that match.
    MarkAll,
    /// Help.
    Help,
    /// Find.
    Find,
    /// 名单核查.
    Roll,
    /// An act on the matter, by its place on the keyboard.
    Act(Slot),
    /// Take back.
    Undo,
    /// Restore.
    Redo,
    /// 快速分拣.
    Triage,
    /// An earlier day, or back to today.
    Past,
    /// Everything is saved already.
    Save,
    /// Copy the number.
    Copy,
    /// Something about tables.
    Table(Deed),
    /// Leave.
    Leave,
}

/// One row of the table.
#[derive(Debug)]
pub struct Action {
    /// What it does.
    pub what: Do,
    /// Its name.
    pub label: &'static str,
    /// The keys, as [`Key::parse`] reads them; the first one is printed.
    pub keys: &'static [&'static str],
    /// One sentence for the help.
    pub explains: &'static str,
    /// Whether the bar shows it.
    pub bar: bool,
    /// Whether the menu lists it.
    pub menu: bool,
}

const fn action(what: Do, label: &'static str, keys: &'static [&'static str], explains: &'static str) -> Action {
    Action {
        what,
        label,
        keys,
        explains,
        bar: false,
        menu: false,
    }
}

const fn barred(mut action: Action) -> Action {
    action.bar = true;
    action
}

const fn listed(mut action: Action) -> Action {
    action.menu = true;
    action
}

/// All actions, in the order of the help.
pub const ACTIONS: [Action; 36] = [
    barred(listed(action(
        Do::Act(Slot::Next),
        "下一步",
        &["f5"],
        "办理本事项的下一步；名称写在键栏里",
    ))),
    barred(listed(action(
        Do::Act(Slot::Grade),
        "调级",
        &["f6"],
        "数字选目标等级，再选原因；单按回车不生效",
    ))),
    listed(action(
        Do::Act(Slot::Hand),
        "转办",
        &["f7"],
        "转办（机关）、改派（经办人）、上报",
    )),
    barred(listed(action(
        Do::Act(Slot::Admonish),
        "三诫勉",
        &["f8"],
        "按事实提出诫勉提醒、督导或纠错",
    ))),
    listed(action(Do::Act(Slot::Amend), "修改", &["f2"], "修改本事项的登记内容")),
    listed(action(Do::Act(Slot::New), "新建", &["f4"], "在本栏登记新的一件")),
    listed(action(Do::Act(Slot::Remind), "催办", &["ctrl-r"], "向应办一方催办")),
    barred(action(
        Do::Menu,
        "菜单",
        &["0", "f9"],
        "此处能办的一切；不能办的说明原因；可直接打字筛选",
    )),
    barred(action(Do::Help, "帮助", &["?", "f1"], "此处可用的按键")),
    listed(action(
        Do::Find,
        "查找",
        &["f3", "ctrl-f", "/"],
        "汉字、拼音首字母、编号；在列表上直接打字也会打开",
    )),
    listed(action(
        Do::Roll,
        "名单核查",
        &["ctrl-k"],
        "一份名单逐人答复有没有限制：打首字母、粘贴表格或读入文件",
    )),
    listed(action(
        Do::Undo,
        "撤回",
        &["ctrl-z"],
        "撤回本人今天最近的一步，可连续撤回",
    )),
    listed(action(Do::Redo, "重做", &["ctrl-y"], "恢复刚才撤回的一步")),
    action(
        Do::Move,
        "移动",
        &["up", "down", "pgup", "pgdn", "home", "end"],
        "光标跟着记录走，不跟行号",
    ),
    action(
        Do::Part,
        "换部分",
        &["tab", "backtab", "left", "right"],
        "到本栏的下一部分、上一部分；树形处展开、收起",
    ),
    action(Do::Open, "打开", &["enter"], "打开光标所在的一条；在历程上为撤回此步"),
    action(Do::Back, "返回", &["esc"], "退回上一层"),
    action(
        Do::Mark,
        "选中",
        &["space"],
        "选中或取消选中一条；以后的办理对选中的各条一起进行",
    ),
    listed(action(
        Do::MarkAll,
        "全选",
        &["ctrl-a"],
        "选中符合当前条件的全部；再按一次取消全部",
    )),
    listed(action(
        Do::Triage,
        "快速分拣",
        &["ctrl-t"],
        "待评估的信息逐件过目，数字加回车下结论；可随时暂停",
    )),
    listed(action(
        Do::Past,
        "看过去某日",
        &["ctrl-d"],
        "那天的情况（按今日所知），或那天当时所知；再按一次回到今日",
    )),
    action(Do::Save, "存盘", &["ctrl-s"], "表单中为保存；别处每一步都已存盘"),
    listed(action(
        Do::Copy,
        "复制编号",
        &["ctrl-c"],
        "把编号发送到剪贴板；不会退出",
    )),
    listed(action(
        Do::Table(Deed::Import),
        "导入表格",
        &["ctrl-o"],
        "选一份表格（U盘、桌面、下载、文档），先看后导，一次办理",
    )),
    listed(action(
        Do::Table(Deed::Export),
        "导出列表",
        &["ctrl-e"],
        "把眼前这张列表连同筛选写成 xlsx 或 csv，放在“文档/廉能台输出”",
    )),
    listed(action(
        Do::Table(Deed::Grid),
        "表格录入",
        &["ctrl-g"],
        "在格子里录入这本台账，可从 WPS 粘贴，一次保存",
    )),
    listed(action(
        Do::Table(Deed::Template),
        "空白表",
        &["ctrl-n"],
        "写出一张带下拉选项的空白表，给下面填",
    )),
    action(
        Do::Pane(1),
        "今日",
        &["1"],
        "我方逾期、有人受限待我方、待签待送、本周到期",
    ),
    action(Do::Pane(2), "风险点", &["2"], "风险点台账：单位、股室、岗位"),
    action(Do::Pane(3), "预警", &["3"], "各机构的预警队列"),
    action(Do::Pane(4), "三诫勉", &["4"], "诫勉提醒、督导、纠错与限制"),
    action(Do::Pane(7), "其他各栏", &["7", "9"], "考核、系统"),
    action(Do::Pane(5), "台账", &["5"], "各本台账，按四会、四步、五项机制排列"),
    action(Do::Pane(6), "干部", &["6"], "人员和他们的历程"),
    action(Do::Pane(8), "统计", &["8"], "本区各项数字"),
    listed(action(Do::Leave, "离开", &["f10", "ctrl-q"], "退出；每一步都已存盘")),
];

/// What a key means outside fields and dialogs.
pub fn meaning(key: Key) -> Option<&'static Action> {
    let key = key.folded();
    ACTIONS
        .iter()
        .find(|action| action.keys.iter().any(|name| Key::parse(name) == Some(key)))
}

impl Action {
    /// The key printed for it.
    pub fn key(&self) -> Option<Key> {
        self.keys.first().and_then(|name| Key::parse(name))
    }

    /// All its keys, printed.
    pub fn keys_label(&self) -> String {
        let labels: Vec<String> = self
            .keys
            .iter()
            .filter_map(|name| Key::parse(name))
            .map(Key::label)
            .collect();
        labels.join(" ")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn every_key_is_spelled_right_and_means_one_thing() {
        let mut seen: HashMap<Key, &str> = HashMap::new();
        for action in &ACTIONS {
            assert!(!action.keys.is_empty(), "{}", action.label);
            for name in action.keys {
                let key = Key::parse(name).unwrap_or_else(|| panic!("no key {name}"));
                assert_eq!(seen.insert(key, action.label), None, "{name} means two things");
            }
        }
    }

    #[test]
    fn no_act_hangs_on_a_key_the_desktop_takes_or_on_a_letter() {
        for action in &ACTIONS {
            if matches!(action.what, Do::Act(_) | Do::Undo | Do::Redo) {
                for name in action.keys {
                    assert!(!["f1", "f10", "f11"].contains(name) && name.len() > 1, "{name}");
                }
            }
        }
    }

    #[test]
    fn full_width_digits_and_marks_work() {
        assert_eq!(meaning(Key::Char('０')).map(|a| a.what), Some(Do::Menu));
        assert_eq!(meaning(Key::Char('？')).map(|a| a.what), Some(Do::Help));
        assert_eq!(meaning(Key::Char('张')).map(|a| a.what), None);
    }
}
