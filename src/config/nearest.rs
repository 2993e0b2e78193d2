//! "Did you mean": the known name nearest to a misspelt one.

/// `; did you mean …` with the nearest of `known`, or nothing when none is near enough to be meant.
pub(super) fn to<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    self::name(name, known).map_or_else(String::new, |it| format!("; did you mean `{it}`?"))
}

/// The same for a table.
pub(super) fn to_table<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    self::name(name, known).map_or_else(String::new, |it| format!("; did you mean `[{it}]`?"))
}

/// The nearest of `known`, if it is near enough to be meant.
pub(super) fn name<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .min()
        // A third of the letters wrong is a slip; more is another word.
        .filter(|(distance, candidate)| distance * 3 <= candidate.len().max(3))
        .map(|(_, candidate)| candidate)
}
