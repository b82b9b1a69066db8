"""The ids that other systems rely on: they stand in every reply, in the training data and in the tests.

The content may hold more; none of these may go missing or be renamed.
"""

from __future__ import annotations

ANSWERS = (
    "spasm_after_injury",
    "ice_and_heat",
    "pain_medicines",
    "muscle_relaxants",
    "steroid_injections",
    "chiropractic",
    "physical_therapy",
    "posture_and_footwear",
    "staying_active",
    "starting_exercise",
    "overweight_back_pain",
    "abdominal_exercises",
    "losing_weight",
    "conditions_worsened_by_weight",
    "spine_osteoarthritis",
    "herniated_disc",
    "degenerative_disc_disease",
    "which_exercises",
    "shoulder_exercises",
    "mid_back_exercises",
    "waist_exercises",
    "lower_back_exercises",
    "other_causes",
    "weight_loss_referral",
    "when_to_see_doctor",
)

TALK = (
    "greet",
    "goodbye",
    "thank",
    "affirm",
    "deny",
    "bot_challenge",
    "capabilities",
    "sources",
    "privacy",
    "delete_my_data",
    "export_my_data",
    "feedback",
    "human",
    "repeat",
    "more",
    "simpler",
    "start_over",
    "insult",
    "distress",
    "out_of_scope",
)

# card → level; some signs rise above it
CARE = {
    "cauda_equina": "emergency",
    "leg_weakness": "emergency",
    "serious_injury": "emergency",
    "chest_or_collapse": "emergency",
    "overdose": "emergency",
    "severe_reaction": "emergency",
    "suicide_risk": "crisis",
    "danger_at_home": "crisis",
    "infection_signs": "urgent",
    "cancer_signs": "urgent",
    "kidney_signs": "urgent",
    "pregnancy": "urgent",
    "not_settling": "gp",
    "inflammatory_signs": "gp",
    "child": "gp",
    "eating_disorder": "gp",
    "medicine_safety": "pharmacist",
}
