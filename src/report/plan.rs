//! The company's plan for winning customers, and how far its years are.

use super::Standing;
use crate::buyer::Stage;
use crate::grade::Grade;
use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;
use std::collections::BTreeMap;

/// What a year should bring.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    /// New buyers.
    Potentials,
    /// Buyers graded A who were in touch.
    ABuyers,
    /// Buyers who were sent a sample.
    Samples,
    FactoryVisits,
    SampleOrders,
    TrialOrders,
    RepeatOrders,
    /// New or old buyers whom a person sees as such.
    BigPotentials,
    /// Graded A or B, in touch, and between wanting something and the first order.
    QualityPotentials,
    /// Two orders or more in the year.
    SteadyCustomers,
    /// Ways by which buyers who ordered came to us.
    Channels,
    /// Percent of the orders that came by the largest channel: at most.
    LargestChannel,
}

impl Goal {
    pub const ALL: [Goal; 12] = [
        Goal::Potentials,
        Goal::ABuyers,
        Goal::Samples,
        Goal::FactoryVisits,
        Goal::SampleOrders,
        Goal::TrialOrders,
        Goal::RepeatOrders,
        Goal::BigPotentials,
        Goal::QualityPotentials,
        Goal::SteadyCustomers,
        Goal::Channels,
        Goal::LargestChannel,
    ];

    /// The word in the configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Goal::Potentials => "potentials",
            Goal::ABuyers => "a_buyers",
            Goal::Samples => "samples",
            Goal::FactoryVisits => "factory_visits",
            Goal::SampleOrders => "sample_orders",
            Goal::TrialOrders => "trial_orders",
            Goal::RepeatOrders => "repeat_orders",
            Goal::BigPotentials => "big_potentials",
            Goal::QualityPotentials => "quality_potentials",
            Goal::SteadyCustomers => "steady_customers",
            Goal::Channels => "channels",
            Goal::LargestChannel => "largest_channel",
        }
    }

    /// Whether less is better.
    pub fn is_ceiling(self) -> bool {
        self == Goal::LargestChannel
    }

    /// Which milestones belong to a year of the plan, where the company names none: first the number of potentials and
    /// the first orders, then their quality, then the structure.
    fn of_year(year: u32) -> &'static [Goal] {
        match year {
            1 => &Goal::ALL[..8],
            2 => &[Goal::QualityPotentials, Goal::SteadyCustomers, Goal::RepeatOrders, Goal::BigPotentials],
            _ => &[Goal::SteadyCustomers, Goal::RepeatOrders, Goal::Channels, Goal::LargestChannel],
        }
    }
}

/// The company's plan for winning customers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The first day of the first year; None: calendar years, the third year's milestones.
    pub start: Option<Date>,
    /// Targets of the first, second and third year; the third counts for all later ones.
    pub years: [BTreeMap<Goal, u64>; 3],
}

/// A year of the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct PlanYear {
    /// From 1.
    pub number: u32,
    pub first: Date,
    /// Still belongs to it.
    pub last: Date,
}

impl Plan {
    /// The year with this day in it; before the plan begins, its first one.
    pub fn year_of(&self, day: Date) -> PlanYear {
        let Some(start) = self.start else {
            return PlanYear { number: 3, first: day.first_of_year(), last: day.last_of_year() };
        };
        let whole = day.duration_since(start).as_hours() / 24;
        let begins = |number: i64| start.saturating_add(number.years());
        let mut number = (whole / 366).max(0);
        while begins(number + 1) <= day {
            number += 1;
        }
        let last = begins(number + 1).yesterday().unwrap_or(Date::MAX);
        PlanYear { number: u32::try_from(number + 1).unwrap_or(u32::MAX), first: begins(number), last }
    }

    fn targets(&self, year: u32) -> &BTreeMap<Goal, u64> {
        &self.years[usize::try_from(year.clamp(1, 3) - 1).unwrap_or(0)]
    }
}

/// What people recorded in the plan's year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Achieved {
    /// Buyers with at least one such entry.
    pub samples: u64,
    pub factory_visits: u64,
    pub sample_orders: u64,
    pub trial_orders: u64,
    pub repeat_orders: u64,
    /// Buyers with two orders or more.
    pub steady: u64,
    /// Orders by the way on which their buyers came to us, most first.
    pub channels: Vec<(String, u64)>,
}

/// A milestone, and how far it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Milestone {
    pub goal: Goal,
    pub reached: u64,
    /// None: the company named none.
    pub target: Option<u64>,
}

/// The milestones of a year of the plan.
pub fn milestones(plan: &Plan, year: u32, standings: &[Standing], achieved: &Achieved) -> Vec<Milestone> {
    let targets = plan.targets(year);
    let usual = Goal::of_year(year);
    let goals = Goal::ALL.into_iter().filter(|goal| usual.contains(goal) || targets.contains_key(goal));
    let milestone =
        |goal| Milestone { goal, reached: reached(goal, standings, achieved), target: targets.get(&goal).copied() };
    goals.map(milestone).collect()
}

fn reached(goal: Goal, standings: &[Standing], achieved: &Achieved) -> u64 {
    let count = |wanted: fn(&Standing) -> bool| -> u64 {
        standings.iter().filter(|one| wanted(one)).map(|one| one.buyers).sum()
    };
    match goal {
        Goal::Potentials => count(|one| one.new_this_year),
        Goal::ABuyers => count(|one| one.grade == Some(Grade::A) && one.in_touch_this_year),
        Goal::Samples => achieved.samples,
        Goal::FactoryVisits => achieved.factory_visits,
        Goal::SampleOrders => achieved.sample_orders,
        Goal::TrialOrders => achieved.trial_orders,
        Goal::RepeatOrders => achieved.repeat_orders,
        Goal::BigPotentials => count(|one| one.stage == Stage::BigPotential && one.in_touch_this_year),
        Goal::QualityPotentials => count(|one| {
            let wants = (Stage::Intent..=Stage::FactoryVisit).contains(&one.stage);
            wants && matches!(one.grade, Some(Grade::A | Grade::B)) && one.in_touch_this_year
        }),
        Goal::SteadyCustomers => achieved.steady,
        Goal::Channels => achieved.channels.len() as u64,
        Goal::LargestChannel => largest_share(&achieved.channels),
    }
}

/// In whole percent.
fn largest_share(channels: &[(String, u64)]) -> u64 {
    let all: u64 = channels.iter().map(|(_, orders)| orders).sum();
    let largest = channels.iter().map(|(_, orders)| *orders).max().unwrap_or(0);
    (largest * 100 + all / 2).checked_div(all).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn standing(stage: Stage, grade: Option<Grade>, buyers: u64) -> Standing {
        Standing { stage, grade, buyers, in_touch_this_year: true, ..Standing::default() }
    }

    #[test]
    fn a_plan_that_began_in_summer_has_its_years_from_summer_to_summer() {
        let plan = Plan { start: Some(date(2024, 7, 1)), ..Plan::default() };
        let year = |day| {
            let year = plan.year_of(day);
            (year.number, year.first, year.last)
        };
        assert_eq!(year(date(2024, 7, 1)), (1, date(2024, 7, 1), date(2025, 6, 30)));
        assert_eq!(year(date(2025, 6, 30)).0, 1);
        assert_eq!(year(date(2026, 11, 23)), (3, date(2026, 7, 1), date(2027, 6, 30)));
        assert_eq!(year(date(2024, 1, 1)).0, 1, "before it begins");
        assert_eq!(Plan::default().year_of(date(2026, 5, 5)).first, date(2026, 1, 1));
    }

    #[test]
    fn the_third_year_asks_by_which_channels_the_orders_come() {
        let channels = vec![("alibaba".to_owned(), 6), ("fair".to_owned(), 3), ("mail".to_owned(), 1)];
        let achieved = Achieved { steady: 4, channels, ..Achieved::default() };
        let mut plan = Plan::default();
        plan.years[2].insert(Goal::LargestChannel, 50);
        let found = milestones(&plan, 5, &[], &achieved);
        let of = |goal| found.iter().find(|one| one.goal == goal).map(|one| (one.reached, one.target));
        assert_eq!(of(Goal::LargestChannel), Some((60, Some(50))));
        assert_eq!(of(Goal::Channels), Some((3, None)));
        assert_eq!(of(Goal::Potentials), None);
    }

    #[test]
    fn a_quality_potential_is_graded_in_touch_and_has_not_ordered_yet() {
        let standings = [
            standing(Stage::SampleSent, Some(Grade::A), 3),
            standing(Stage::SampleSent, Some(Grade::C), 5),
            standing(Stage::TrialOrder, Some(Grade::A), 7),
            Standing { in_touch_this_year: false, ..standing(Stage::Intent, Some(Grade::B), 9) },
        ];
        assert_eq!(reached(Goal::QualityPotentials, &standings, &Achieved::default()), 3);
    }
}
