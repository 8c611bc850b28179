//! What a calendar shows of an appointment, in words. How much of it is known here is the organization's to say (`settings.calendar.details`).

/// What the words are made of; what a calendar is not to show is left out.
#[derive(Clone, Copy, Default)]
pub struct EventText<'a> {
    /// The service, as the organization calls it.
    pub service: Option<&'a str>,
    /// Who comes to it.
    pub customer: Option<&'a str>,
    /// What is to be done.
    pub description: Option<&'a str>,
    /// The customer's number.
    pub phone: Option<&'a str>,
}

impl EventText<'_> {
    /// The title of the event.
    #[must_use]
    pub fn title(&self) -> String {
        let service = given(self.service).unwrap_or("Appointment");
        match given(self.customer) {
            Some(customer) => format!("{service}: {customer}"),
            None => service.to_owned(),
        }
    }

    /// What is written below the title; `None` where there is nothing.
    #[must_use]
    pub fn notes(&self) -> Option<String> {
        let lines: Vec<&str> = [given(self.description), given(self.phone)]
            .into_iter()
            .flatten()
            .collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }
}

/// The text, unless it is blank.
fn given(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_title_names_the_service_and_whoever_is_known() {
        let mut text = EventText::default();
        assert_eq!(text.title(), "Appointment");
        text.customer = Some("Maria Lopez");
        assert_eq!(text.title(), "Appointment: Maria Lopez");
        text.service = Some("Drain cleaning");
        assert_eq!(text.title(), "Drain cleaning: Maria Lopez");
        text.customer = Some(" ");
        assert_eq!(text.title(), "Drain cleaning");
    }

    #[test]
    fn the_notes_are_what_is_to_be_done_and_the_number() {
        let mut text = EventText {
            service: Some("Drain cleaning"),
            customer: Some("Maria Lopez"),
            ..EventText::default()
        };
        assert_eq!(text.notes(), None);
        text.phone = Some("+13035550142");
        assert_eq!(text.notes().as_deref(), Some("+13035550142"));
        text.description = Some("Slow sink\n");
        assert_eq!(text.notes().as_deref(), Some("Slow sink\n+13035550142"));
    }
}
