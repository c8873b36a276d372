//! The closed lists of the field (domain.md §3): stable English ids, exactly one Chinese label each.

/// Declares an enum whose variants carry an id (stored, JSON, shell) and a label (screens, sheets).
macro_rules! vocabulary {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $id:literal $label:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$vmeta])* #[doc = $label] #[serde(rename = $id)] $variant,)+
        }

        impl $name {
            /// All values, in the order in which choices are offered.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Stable English id.
            pub fn id(self) -> &'static str {
                match self { $(Self::$variant => $id,)+ }
            }

            /// The Chinese word people read.
            pub fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)+ }
            }

            /// Finds a value by its id or its Chinese label.
            pub fn find(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|v| v.id() == text || v.label() == text)
            }
        }
    };
}
pub(crate) use vocabulary;

vocabulary! {
    /// Grade of a point or warning (R051–R053); the first is the worst.
    Grade { Red = "red" "红", Orange = "orange" "橙", Yellow = "yellow" "黄", }
}

impl Grade {
    /// One step worse; red stays red.
    pub fn worse(self) -> Self {
        match self {
            Self::Yellow => Self::Orange,
            Self::Orange | Self::Red => Self::Red,
        }
    }

    /// True when `self` is graver than `other`.
    pub fn graver_than(self, other: Self) -> bool {
        self < other
    }

    /// 一级 / 二级 / 三级.
    pub fn level(self) -> &'static str {
        match self {
            Self::Red => "一级",
            Self::Orange => "二级",
            Self::Yellow => "三级",
        }
    }
}

vocabulary! {
    /// Line of the four organs, which gives the 防委会 of A03.
    OrganLine { Party = "party" "区委", Congress = "congress" "区人大", Government = "government" "区政府", Cppcc = "cppcc" "区政协", }
}
vocabulary! {
    /// Rank of a cadre or post (县处 / 乡科 / 其他).
    CadreRank { County = "county" "处级", Section = "section" "科级", Staff = "staff" "其他", }
}
vocabulary! {
    /// The three classes of risk (R047).
    RiskClass { Ethics = "ethics" "思想道德", PostDuty = "post_duty" "岗位职责", Institution = "institution" "制度机制", }
}
vocabulary! {
    /// The ten items of risk (R048) and 其他, crossed with the classes (A06).
    RiskItem {
        CadreAppointment = "cadre_appointment" "干部任免",
        DepartureAudit = "departure_audit" "离任审计",
        AssetManagement = "asset_management" "财物管理",
        Procurement = "procurement" "物资采购",
        Construction = "construction" "工程建设",
        ParkManagement = "park_management" "园区管理",
        Demolition = "demolition" "开发拆迁",
        LandAuction = "land_auction" "土地拍卖",
        ProjectBidding = "project_bidding" "项目投标",
        LargeFunds = "large_funds" "大额资金使用",
        Other = "other" "其他",
    }
}
vocabulary! {
    /// Optional second tag kept from registers with five risk kinds (§2.1).
    SecondaryTag { Process = "process" "业务流程", Environment = "environment" "外部环境", }
}
vocabulary! {
    /// Where the search looks (R038–R040).
    RiskFocus { Office = "office" "职务风险", Post = "post" "岗位风险", Operation = "operation" "操作过程风险", }
}
vocabulary! {
    /// How a point was found (R033).
    SearchMethod { Guided = "guided" "导查", SelfCheck = "self_check" "自查", Assisted = "assisted" "帮查", Supervised = "supervised" "督查", Evaluated = "evaluated" "评查", }
}
vocabulary! {
    /// 岗位为点、股室为线、单位为面 (R034).
    SearchLevel { Post = "post" "岗位", Section = "section" "股室", Unit = "unit" "单位", }
}
vocabulary! {
    /// Why a point came back (R087).
    ReturnReason { NotDetailed = "not_detailed" "不细", Incomplete = "incomplete" "不全", Inaccurate = "inaccurate" "不准", }
}
vocabulary! {
    /// Urgency set at registration; chooses the clock until a verdict exists (§0.14).
    Urgency { Normal = "normal" "普通", Urgent = "urgent" "紧急", Critical = "critical" "特急", }
}

impl Urgency {
    /// The colour whose column of deadlines runs until the matter is assessed (§0.14).
    pub fn column(self) -> Grade {
        match self {
            Self::Normal => Grade::Yellow,
            Self::Urgent => Grade::Orange,
            Self::Critical => Grade::Red,
        }
    }
}

vocabulary! {
    /// Where a report comes from (R082).
    ReportSource {
        Informant = "informant" "信息员",
        SocialSupervision = "social_supervision" "社监会(监委会)",
        Monitoring = "monitoring" "监测",
        Inspection = "inspection" "检查",
        Public = "public" "群众",
        Other = "other" "其他",
    }
}
vocabulary! {
    /// Why a grade moves (§0.26); the first two bring a 诫勉纠错 when it is raised (R089, A11).
    GradeCause {
        WeakLeadership = "weak_leadership" "领导工作不力",
        MeasuresMissing = "measures_missing" "防范措施不到位",
        NewFacts = "new_facts" "发现新情况",
        Overdue = "overdue" "逾期未整改",
        Reassessed = "reassessed" "重新评估",
        PowerChanged = "power_changed" "职权调整",
    }
}

impl GradeCause {
    /// True for the two causes the article names for 诫勉纠错 (R089).
    pub fn brings_correction(self) -> bool {
        matches!(self, Self::WeakLeadership | Self::MeasuresMissing)
    }
}

vocabulary! {
    /// Every measure against a unit or a person, each a machine of its own in `instrument.rs`: the 三诫勉
    /// (R087–R089), the ladder from light to grave (R105–R108), and the national 诫勉谈话 (R096).
    Instrument {
        Reminder = "reminder" "诫勉提醒",
        Supervision = "supervision" "诫勉督导",
        Correction = "correction" "诫勉纠错",
        IntegritySupervision = "integrity_supervision" "廉能督导",
        CautionReminder = "caution_reminder" "警示提醒",
        OrderCorrection = "order_correction" "责令改正",
        InspectorateCircular = "inspectorate_circular" "督察通报",
        InspectorateRecommendation = "inspectorate_recommendation" "督察建议",
        FormalAdmonition = "formal_admonition" "诫勉谈话",
    }
}
vocabulary! {
    /// What an admonition answers (§4.4 trigger row), or when a step of the ladder opens (§4.5).
    AdmonitionTrigger {
        SearchNotDetailed = "search_not_detailed" "查找风险点不细",
        SearchIncomplete = "search_incomplete" "查找风险点不全",
        SearchInaccurate = "search_inaccurate" "查找风险点不准",
        TaskLate = "task_late" "落实不及时",
        TaskPoor = "task_poor" "执行不力",
        WeakLeadership = "weak_leadership" "领导工作不力",
        MeasuresMissing = "measures_missing" "防范措施不到位",
        ReminderFailed = "reminder_failed" "诫勉提醒后未改正",
        RiskShown = "risk_shown" "风险已显现",
        Deviation = "deviation" "出现偏差",
        Loophole = "loophole" "存在漏洞",
        NotCorrected = "not_corrected" "前次处理后仍未改正",
        SeriousFacts = "serious_facts" "事实已较严重",
        UncleanConduct = "unclean_conduct" "发现不廉洁行为",
    }
}
vocabulary! {
    /// Why a risk came about (R103).
    RiskCause { Education = "education" "教育不到位", Institution = "institution" "制度落实不到位", Supervision = "supervision" "监督不到位", Personal = "personal" "个人因素", }
}
vocabulary! {
    /// Weight of the facts (R104).
    Circumstance { Light = "light" "较轻", Ordinary = "ordinary" "一般", Grave = "grave" "较重", }
}
vocabulary! {
    /// How the subject faces them (R104): the first three speak for him, the last four against him.
    Attitude {
        SelfReported = "self_reported" "主动报告",
        SelfCorrected = "self_corrected" "主动纠正",
        LossRecovered = "loss_recovered" "挽回损失",
        Ordinary = "ordinary" "一般",
        Concealed = "concealed" "隐瞒",
        Refused = "refused" "拒不整改",
        Repeated = "repeated" "再犯",
        Resisted = "resisted" "对抗",
    }
}
vocabulary! {
    /// What becomes of an appeal (§4.4).
    AppealOutcome { Upheld = "upheld" "维持原决定", Modified = "modified" "变更原决定", Revoked = "revoked" "撤销原决定", }
}
vocabulary! {
    /// Why a restricted person's post changes (§0.18).
    TransferReason { Ordered = "ordered" "上级决定调动", EntryError = "entry_error" "录入更正", Left = "left" "离区、退休、死亡", }
}
vocabulary! {
    /// How somebody left.
    Departure { MovedOut = "moved_out" "离区", Retired = "retired" "退休", Died = "died" "死亡", }
}
vocabulary! {
    /// What a restriction forbids (R092).
    RestrictedAct { Promotion = "promotion" "提拔", Transfer = "transfer" "调动", Commendation = "commendation" "评先评优", }
}
vocabulary! {
    /// Kinds of 指委会 task (R012).
    TaskKind {
        Mobilise = "mobilise" "动员部署",
        Plan = "plan" "方案制定",
        Inspect = "inspect" "督导检查",
        Advance = "advance" "推进落实",
        Appraise = "appraise" "总结评比",
        Reward = "reward" "奖惩激励",
    }
}
vocabulary! {
    /// How an executed task is judged when it is closed (R088).
    TaskOutcome { Done = "done" "已落实", Late = "late" "落实不及时", Poor = "poor" "执行不力", }
}
vocabulary! {
    /// Which periods an appeal has (§0.2): one month each, or the fifteen and thirty calendar days of 2009.
    AppealPeriods { Month = "month" "一个月", Days2010 = "2010" "十五日、三十日", }
}
vocabulary! {
    /// Unit of a deadline's length (G6).
    DayKind { Working = "wd" "工作日", Calendar = "cd" "自然日", Month = "month" "个月", }
}
vocabulary! {
    /// Who owes the next step (§0.13).
    DueOwner { Subject = "subject" "对象", Office = "office" "本办", }
}
vocabulary! {
    /// Why something is recorded more than three working days late (§0.12, console.md §2).
    LateReason { PaperLate = "paper_late" "纸质后到", Away = "away" "外出办理", Missed = "missed" "漏登", }
}
vocabulary! {
    /// Why an earlier step is taken back (撤回此步).
    RevertReason { WrongObject = "wrong_object" "对象弄错", EntryError = "entry_error" "录入错误", GroundsChanged = "grounds_changed" "依据变化", LeaderChanged = "leader_changed" "领导改批", }
}
vocabulary! {
    /// Where a report is passed up to (§4.3 system 1).
    UpperOffice { Discipline = "discipline" "区纪委监察局", SteeringOffice = "steering_office" "指委会办公室", }
}
vocabulary! {
    /// Why a point has to be looked at again (§4.1).
    ReviewCause { Duty = "duty" "职责变动", Process = "process" "流程变动", Law = "law" "依据变动", Holder = "holder" "任职人员变动", Yearly = "yearly" "年度复核", }
}
vocabulary! {
    /// Role of a seat in a body (R009, R014, R021, R026).
    SeatRole { Chair = "chair" "主任", ViceChair = "vice_chair" "副主任", Member = "member" "成员", DutyLeader = "duty_leader" "分管领导", Director = "director" "办公室主任", Staff = "staff" "工作人员", }
}
vocabulary! {
    /// Type of a unit; streets and communities bring a 社监会 (R025, A05).
    UnitKind { Department = "department" "部门", Street = "street" "街道", Community = "community" "社区", Organ = "organ" "领导机关", }
}
vocabulary! {
    /// Six-word policy: how something was looked at (R076).
    InspectionMethod { Discuss = "discuss" "谈", Hear = "hear" "听", Check = "check" "查", Look = "look" "看", Visit = "visit" "访", Inquire = "inquire" "问", }
}
