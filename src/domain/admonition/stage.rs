//! Where a measure stands.

use crate::domain::vocabulary::vocabulary;

vocabulary! {
    /// Where an admonition stands in the full chain; the light flow shows fewer (§0.15).
    AdmonitionStage {
        Proposed = "proposed" "待批准",
        Heard = "heard" "已听取说明",
        Approved = "approved" "待送达",
        Served = "served" "已送达",
        Talked = "talked" "已谈话",
        Correcting = "correcting" "整改中",
        ReportFiled = "report_filed" "待核验",
        Verified = "verified" "已核验",
        Observing = "observing" "观察中",
        Lifted = "lifted" "已解除",
        Failed = "failed" "未通过",
        Rejected = "rejected" "不予批准",
        Replaced = "replaced" "已替换",
        Succeeded = "succeeded" "已转后续处理",
        Revoked = "revoked" "已撤销",
        MovedOut = "moved_out" "已离区",
        Closed = "closed" "已终止",
        Void = "void" "作废",
    }
}

impl AdmonitionStage {
    /// The stage the light flow shows instead.
    pub fn light(self) -> Self {
        match self {
            Self::Heard => Self::Proposed,
            Self::Served | Self::Talked => Self::Correcting,
            Self::Verified => Self::ReportFiled,
            other => other,
        }
    }

    /// The light flow's word for it.
    pub fn light_label(self) -> &'static str {
        self.light().label()
    }

    /// Somebody still has to do something.
    pub fn live(self) -> bool {
        !matches!(
            self,
            Self::Lifted
                | Self::Rejected
                | Self::Replaced
                | Self::Succeeded
                | Self::Revoked
                | Self::MovedOut
                | Self::Closed
                | Self::Void
        )
    }

    /// Served and not ended: restrictions hold (R092). A failed one holds on until it is lifted.
    pub fn in_force(self) -> bool {
        self.live() && !matches!(self, Self::Proposed | Self::Heard | Self::Approved)
    }
}
