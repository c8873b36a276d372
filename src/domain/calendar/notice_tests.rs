#![allow(clippy::unwrap_used, clippy::panic)]

use chrono::NaiveDate;
use proptest::prelude::*;

use super::super::shipped;
use super::*;

fn loaded() -> Calendar {
    Calendar::parse(shipped()).unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn wording(text: &str) -> Result<YearNotice, Vec<String>> {
    one(Form::Wording, text, Beside::default())
}

fn one(form: Form, text: &str, beside: Beside) -> Result<YearNotice, Vec<String>> {
    match read(form, text, beside, &Calendar::default()) {
        Ok(notices) => Ok(notices[0].clone()),
        Err(mistakes) => Err(mistakes.iter().map(|m| format!("{}: {}", m.line, m.reason)).collect()),
    }
}

macro_rules! published {
    ($($name:literal),*) => { [$(($name, include_str!(concat!("../../../tests/fixtures/notices/", $name, ".txt")))),*] };
}

#[test]
fn the_notices_as_they_were_published_give_the_shipped_years() {
    let shipped = loaded();
    let mut calendar = Calendar::default();
    for (name, text) in published!["2020", "2020_extension", "2021", "2022", "2023", "2024", "2025", "2026"] {
        let read = read(Form::Wording, text, Beside::default(), &calendar);
        calendar = calendar.with(read.unwrap_or_else(|mistakes| panic!("{name}: {mistakes:?}")));
    }
    for notice in shipped.notices() {
        assert_eq!(calendar.year(notice.year), Some(notice));
    }
    assert_eq!(calendar.notices().count(), 7);
}

#[test]
fn both_notices_of_2020_may_be_pasted_at_once_and_a_page_may_be_wrapped_anywhere() {
    let [(_, year), (_, extension)] = published!["2020", "2020_extension"];
    let expected = loaded().year(2020).cloned();
    assert_eq!(wording(&format!("{year}\n{extension}")).ok(), expected);
    let [(_, text)] = published!["2025"];
    let flat: Vec<char> = text.chars().collect();
    let lines: Vec<String> = text
        .split("\n\n")
        .map(|paragraph| {
            let chars: Vec<char> = paragraph.trim().chars().collect();
            chars.chunks(17).map(String::from_iter).collect::<Vec<_>>().join("\n")
        })
        .collect();
    assert!(flat.len() > 600);
    assert_eq!(wording(&lines.join("\n\n")).ok(), loaded().year(2025).cloned());
    let halved = text
        .replace('（', "(")
        .replace('）', ")")
        .replace('，', ",")
        .replace('：', ":");
    assert_eq!(wording(&halved).ok(), loaded().year(2025).cloned());
}

/// The notice of 2026 with one phrase replaced.
fn altered(from: &str, to: &str) -> Vec<String> {
    let [(_, text)] = published!["2026"];
    assert!(text.contains(from));
    wording(&text.replacen(from, to, 1)).unwrap_err()
}

#[test]
fn what_contradicts_itself_is_named_with_its_line() {
    assert_eq!(
        altered("1月4日（周日）上班", "1月4日（周六）上班"),
        ["9: 2026-01-04 是周日，通知写的是周六"]
    );
    assert_eq!(
        altered("放假调休，共9天", "放假调休，共8天"),
        ["11: 春节写的是共 8 天，日期算来是 9 天"]
    );
    assert_eq!(
        altered("5月9日（周六）上班", "5月12日（周二）上班"),
        ["15: 2026-05-12 是周二，本来就上班，不必列入"]
    );
    assert_eq!(
        altered("2月14日（周六）、2月28日", "2月14日（周六）、2月30日"),
        ["11: 没有 2026年2月30日 这一天"]
    );
    assert_eq!(
        altered("10月10日（周六）上班", "10月3日（周六）上班"),
        ["21: 2026-10-03 在第 21 行是放假，这里又是上班"]
    );
    assert_eq!(
        altered("4月4日（周六）至6日（周一）放假，共3天", "6月11日放假，与周末连休"),
        ["13: 清明节前后没有周末，与“与周末连休”不符"]
    );
}

#[test]
fn what_is_not_understood_or_missing_is_listed() {
    assert_eq!(
        altered("1月4日（周日）上班", "1月4日（周日）视情况安排上班"),
        ["9: 看不懂这一句：1月4日（周日）视情况安排上班"]
    );
    assert_eq!(
        altered("4月4日（周六）至6日（周一）放假，共3天", "放假3天"),
        ["13: 没有读到清明节放假的日子"]
    );
    assert_eq!(
        altered("六、中秋节", "六、中节"),
        ["1: 没有读到中秋的安排，请给出全年的通知"]
    );
    let both = altered("共9天", "共8天。3月8日妇女节放假半天");
    assert_eq!(
        both,
        [
            "11: 春节写的是共 8 天，日期算来是 9 天",
            "11: 看不懂这一句：3月8日妇女节放假半天"
        ]
    );
    assert!(wording("明年怎么放假？").unwrap_err()[0].contains("哪一年"));
    let untitled = "一、元旦：2027年1月1日放假。";
    assert!(wording(untitled).unwrap_err()[0].contains("哪一年"));
    let beside = Beside {
        title: None,
        year: Some(2027),
    };
    let mistakes = one(Form::Wording, untitled, beside).unwrap_err();
    assert_eq!(mistakes.len(), 2, "the holidays and the title: {mistakes:?}");
    assert!(
        mistakes[1].contains("没有读到春节、清明、劳动、端午、中秋、国庆"),
        "{mistakes:?}"
    );
    let short = altered(
        "10月1日（周四）至7日（周三）放假调休，共7天",
        "10月3日（周六）至7日（周三）放假调休，共5天",
    );
    assert_eq!(
        short,
        [
            "1: 2026-10-01 是法定节日，却没有放假",
            "1: 2026-10-02 是法定节日，却没有放假"
        ]
    );
    let [(_, extension)] = published!["2020_extension"];
    assert!(wording(extension).unwrap_err()[0].contains("请先导入全年的通知"));
}

#[test]
fn older_wordings_are_understood() {
    let text = "国务院办公厅关于2014年部分节假日安排的通知\n一、元旦：1月1日放假1天。\n\
        二、春节：1月31日至2月6日放假调休，共7天。1月26日（星期日）、2月8日（星期六）上班。\n\
        三、清明节：4月5日放假，4月7日（星期一）补休。\n四、劳动节：5月1日至3日放假调休，共3天。5月4日（星期日）上班。\n\
        五、端午节：6月2日放假，与周末连休，共3天。\n六、中秋节：9月8日放假，与周末连休。\n\
        七、国庆节：10月1日至7日放假调休，共7天。9月28日（星期日）、10月11日（星期六）上班。";
    let notice = wording(text).unwrap();
    assert_eq!(notice.rests.len(), 8);
    assert_eq!(notice.rests[3].from, day("2014-04-07"));
    let turn = "关于2019年部分节假日安排\n一、元旦：12月30日至1月1日放假，共3天。12月29日（星期六）上班。";
    let beside = Beside {
        title: Some("甲"),
        year: None,
    };
    let read = one(Form::Wording, turn, beside).unwrap_err();
    assert!(
        read.iter().all(|m| m.starts_with("1: ")),
        "days of the year before: {read:?}"
    );
}

#[test]
fn files_of_days_give_the_same_year() {
    let expected = loaded().year(2023).cloned().unwrap();
    let (mut json, mut csv) = (Vec::new(), "日期,类型,名称\n".to_owned());
    for rest in &expected.rests {
        for day in rest.days() {
            json.push(format!(
                "{{\"name\":\"{}\",\"date\":\"{day}\",\"isOffDay\":true}}",
                rest.name
            ));
            csv.push_str(&format!("{day},放假,{}\n", rest.name));
        }
    }
    for day in &expected.works {
        json.push(format!("{{\"name\":\"春节\",\"date\":\"{day}\",\"isOffDay\":false}}"));
        csv.push_str(&format!("{day},上班,\n"));
    }
    // An ordinary working day among them says nothing new.
    json.push("{\"name\":\"春节\",\"date\":\"2023-01-30\",\"isOffDay\":false}".into());
    let json = format!("{{\"year\":2023,\"papers\":[],\"days\":[\n{}\n]}}", json.join(",\n"));
    let beside = Beside {
        title: expected.title.as_deref(),
        year: None,
    };
    assert_eq!(one(Form::Json, &json, beside).as_ref(), Ok(&expected));
    assert_eq!(one(Form::Csv, &csv, beside).as_ref(), Ok(&expected));
    let toml = Calendar::default().with([expected.clone()]).text();
    assert_eq!(one(Form::Toml, &toml, Beside::default()).as_ref(), Ok(&expected));
    let broken = json
        .replace("2023-04-05", "2023-04-31")
        .replace("\"name\":\"端午节\"", "\"name\":\"\"");
    assert_eq!(
        one(Form::Json, &broken, beside).unwrap_err(),
        [
            "12: 没有“2023-04-31”这一天，日期应写作 2026-01-31",
            "18: 放假的日子没有写节日名称"
        ]
    );
    let broken = csv.replace("2023-04-05,放假", "2023-04-05,也许");
    assert_eq!(
        one(Form::Csv, &broken, beside).unwrap_err(),
        ["12: 类型“也许”不认识，应为 放假 或 上班"]
    );
}

#[test]
fn an_empty_file_is_no_notice() {
    let beside = Beside {
        title: Some("某通知"),
        year: None,
    };
    let empty = one(Form::Json, "{\"year\": 2027, \"papers\": [], \"days\": []}", beside).unwrap_err();
    assert!(empty[0].contains("没有读到元旦、春节"), "{empty:?}");
    assert!(one(Form::Csv, "date,kind,name\n", beside).unwrap_err()[0].contains("没有一个日子"));
    assert!(one(Form::Json, "{\n\"year\": }", beside).unwrap_err()[0].starts_with("2: "));
}

#[test]
fn the_form_is_known_by_name_or_beginning() {
    for (name, text, form) in [
        ("2027.json", "", Form::Json),
        ("通知.txt", "国务院办公厅关于", Form::Wording),
        ("2027.CSV", "", Form::Csv),
        ("a.toml", "", Form::Toml),
        ("粘贴", "\u{feff} {\"year\"", Form::Json),
        ("粘贴", "# x\n[[year]]", Form::Toml),
    ] {
        assert_eq!(Form::of(name, text), form, "{name}");
    }
}

#[test]
fn a_calendar_written_down_reads_as_the_same_calendar() {
    let calendar = loaded();
    let again = Calendar::parse(&calendar.text()).unwrap();
    assert!(calendar.notices().eq(again.notices()));
}

proptest! {
    #[test]
    fn no_wording_panics(text in "(一、|元旦：|春节：|关于2027年|现将2027年|延长2027年春节假期至|[0-9]{1,5}|年|月|日|至|、|，|。|（周[一二三四五六日]）|（|）|放假|调休|上班|共|天|与周末连休|起|鼓励|\n){0,40}") {
        static LOADED: std::sync::LazyLock<Calendar> = std::sync::LazyLock::new(loaded);
        for form in [Form::Wording, Form::Json, Form::Csv] {
            let _ = read(form, &text, Beside::default(), &LOADED);
        }
    }
}
