//! What a piece of the screen means; how it looks is the theme's business.

use serde::Deserialize;

/// The roles a piece of text can play. Colour is never the only sign: each is also written or marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Ordinary text.
    Text,
    /// Less important text.
    Dim,
    /// The title of a part or dialog.
    Title,
    /// The frame of a part.
    Border,
    /// The frame of the part that gets the keys.
    BorderFocus,
    /// The row under the cursor.
    Selected,
    /// The row under the cursor of a part that does not get the keys.
    SelectedIdle,
    /// A marked row.
    Marked,
    /// Grade one.
    Red,
    /// Grade two.
    Orange,
    /// Grade three.
    Yellow,
    /// Past its day.
    Late,
    /// A key in the bar.
    Key,
    /// What cannot be done now.
    Disabled,
    /// The label of a field.
    Label,
    /// A field to type in.
    Field,
    /// The field being typed in.
    FieldFocus,
    /// Selected text in a field.
    Selection,
    /// Something was done.
    Done,
    /// Something was refused.
    Refused,
    /// The title bar.
    Bar,
    /// The characters of a hit that what was typed stands for.
    Match,
}

impl Role {
    /// All roles, in the order of the theme file.
    pub const ALL: [Role; 22] = [
        Role::Text,
        Role::Dim,
        Role::Title,
        Role::Border,
        Role::BorderFocus,
        Role::Selected,
        Role::SelectedIdle,
        Role::Marked,
        Role::Red,
        Role::Orange,
        Role::Yellow,
        Role::Late,
        Role::Key,
        Role::Disabled,
        Role::Label,
        Role::Field,
        Role::FieldFocus,
        Role::Selection,
        Role::Done,
        Role::Refused,
        Role::Bar,
        Role::Match,
    ];
}
