//! The way from the first interest to the steady customer, and how complete the cards are.

use super::responses::share;
use crate::buyer::Stage;
use crate::grade::Grade;
use serde::Serialize;

/// Buyers who stand alike.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    pub stage: Stage,
    pub grade: Option<Grade>,
    /// First contact in the plan's year.
    pub new_this_year: bool,
    /// In touch in the plan's year.
    pub in_touch_this_year: bool,
    pub buyers: u64,
    /// How many of them have it on their card.
    pub with_name: u64,
    pub with_company: u64,
    pub with_country: u64,
    pub with_phone: u64,
    pub with_owner: u64,
}

/// A stage, and who came as far.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FunnelStep {
    pub stage: Stage,
    /// Buyers at this stage now.
    pub here: u64,
    /// Buyers at this stage or further.
    pub reached: u64,
    /// Of those who reached the stage before, 0 to 1.
    pub conversion: Option<f64>,
}

/// How much of the buyers is known.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Completeness {
    pub buyers: u64,
    /// 0 to 1; None without buyers.
    pub name: Option<f64>,
    pub company: Option<f64>,
    pub country: Option<f64>,
    pub phone: Option<f64>,
    pub owner: Option<f64>,
    pub graded: Option<f64>,
}

/// The steps from potential to repeat order. Big potentials count as having come all the way: it is what they promise.
pub fn funnel(standings: &[Standing]) -> Vec<FunnelStep> {
    let count = |wanted: &dyn Fn(Stage) -> bool| -> u64 {
        standings.iter().filter(|one| wanted(one.stage)).map(|one| one.buyers).sum()
    };
    let mut before = None;
    let step = |stage: Stage| {
        let reached = count(&|other| other >= stage);
        let conversion = before.and_then(|before| share(reached, before));
        before = Some(reached);
        FunnelStep { stage, here: count(&|other| other == stage), reached, conversion }
    };
    Stage::ALL.into_iter().map(step).collect()
}

/// How complete the cards are.
pub fn completeness(standings: &[Standing]) -> Completeness {
    let sum = |of: fn(&Standing) -> u64| standings.iter().map(of).sum::<u64>();
    let buyers = sum(|one| one.buyers);
    let graded = sum(|one| if one.grade.is_some() { one.buyers } else { 0 });
    Completeness {
        buyers,
        name: share(sum(|one| one.with_name), buyers),
        company: share(sum(|one| one.with_company), buyers),
        country: share(sum(|one| one.with_country), buyers),
        phone: share(sum(|one| one.with_phone), buyers),
        owner: share(sum(|one| one.with_owner), buyers),
        graded: share(graded, buyers),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(stage: Stage, grade: Option<Grade>, buyers: u64) -> Standing {
        Standing { stage, grade, buyers, in_touch_this_year: true, ..Standing::default() }
    }

    #[test]
    fn whoever_ordered_again_has_been_at_every_step_before() {
        let standings = [
            standing(Stage::Potential, None, 60),
            standing(Stage::Intent, Some(Grade::B), 30),
            standing(Stage::TrialOrder, Some(Grade::A), 6),
            standing(Stage::RepeatOrder, Some(Grade::A), 4),
        ];
        let steps = funnel(&standings);
        let reached: Vec<u64> = steps.iter().map(|step| step.reached).collect();
        assert_eq!(reached, [100, 40, 10, 10, 10, 10, 10, 4, 0]);
        assert_eq!((steps[0].conversion, steps[1].conversion, steps[7].conversion), (None, Some(0.4), Some(0.4)));
        assert_eq!(steps[1].here, 30);
    }
}
