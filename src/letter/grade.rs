//! How a grade looks.

use crate::grading::Grade;

pub(super) fn name(grade: Grade) -> &'static str {
    match grade {
        Grade::A => "A",
        Grade::B => "B",
        Grade::C => "C",
        Grade::D => "D",
    }
}

/// Mid-tones that carry white letters of any size (WCAG AA) in light and in dark mode.
pub(super) fn colour(grade: Grade) -> &'static str {
    match grade {
        Grade::A => "#11835c",
        Grade::B => "#2f6fb3",
        Grade::C => "#a0620c",
        Grade::D => "#69717b",
    }
}
