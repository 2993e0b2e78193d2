//! "Did you mean": the known name nearest to a misspelt one.

/// Characters of a name that are compared. A longer one is no misspelling of any name of ours.
const LONGEST: usize = 100;

/// The nearest of `known`, if it is near enough to be meant.
pub fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    if name.chars().nth(LONGEST).is_some() {
        return None;
    }
    known
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .min()
        // A third of the letters wrong is a slip; more is another word.
        .filter(|(distance, candidate)| distance * 3 <= candidate.len().max(3))
        .map(|(_, candidate)| candidate)
}

/// `; did you mean …` with the nearest of `known`, or nothing when none is near enough to be meant.
pub fn did_you_mean<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    nearest(name, known).map_or_else(String::new, |it| format!("; did you mean `{it}`?"))
}
