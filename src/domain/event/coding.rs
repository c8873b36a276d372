//! How an event is written into the log and read back.

use super::Event;

/// The version new events are written with. Within a version fields are only added.
pub const VERSION: i64 = 1;

impl Event {
    /// Splits an event into the kind and body that the log stores.
    pub fn encode(&self) -> Result<(String, String), serde_json::Error> {
        let tagged = serde_json::to_string(self)?;
        // Externally tagged: {"kind":body}; kinds are plain snake_case, so the first colon ends the kind.
        let (kind, rest) = tagged.split_once(':').unwrap_or_default();
        let kind = kind.trim_start_matches('{').trim_matches('"').to_owned();
        let body = rest.strip_suffix('}').unwrap_or(rest).to_owned();
        Ok((kind, body))
    }

    /// Reads an event back; an unknown kind or version is an error, and its stream is frozen.
    pub fn decode(kind: &str, version: i64, body: &str) -> Result<Self, String> {
        if version != VERSION {
            return Err(format!("事件“{kind}”的版本 {version} 高于本程序"));
        }
        serde_json::from_str(&format!("{{\"{kind}\":{body}}}")).map_err(|e| format!("事件“{kind}”无法识读：{e}"))
    }
}
