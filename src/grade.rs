//! The grade of an inquiry, and of the buyer who made it.

use serde::{Deserialize, Serialize};

/// A clear intent, B hesitating, C long and uncertain, D unclear but could become one. A sorts first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Grade {
    A,
    B,
    C,
    D,
}

impl Grade {
    /// Best first.
    pub const ALL: [Grade; 4] = [Grade::A, Grade::B, Grade::C, Grade::D];

    /// The letter.
    pub fn as_str(self) -> &'static str {
        match self {
            Grade::A => "A",
            Grade::B => "B",
            Grade::C => "C",
            Grade::D => "D",
        }
    }

    /// The grade of a letter as people write it; None for anything but A to D.
    pub fn from_letter(letter: &str) -> Option<Self> {
        match letter.trim() {
            "A" | "a" => Some(Grade::A),
            "B" | "b" => Some(Grade::B),
            "C" | "c" => Some(Grade::C),
            "D" | "d" => Some(Grade::D),
            _ => None,
        }
    }
}

/// Why a grade is what it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Grounds {
    /// Nobody knows, or nothing spoke for it and nothing against.
    #[default]
    Unknown,
    /// One of us said so.
    ByHand,
    /// The rules' own words, the weightiest first.
    Rules(Vec<String>),
}
