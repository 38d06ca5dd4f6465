// The workflows there are, and how their jobs are done.
#include "app/composition.h"
#include "app/upkeep.h"
#include "workflows/mail_send.h"
#include "workflows/report_generate.h"
#include "workflows/resume_refresh.h"
#include "workflows/tenant_export.h"
#include "workflows/worklog_analyze.h"

namespace afterresume::app {

namespace {

jobs::JobType job_type(
    std::string name, jobs::QueueName queue, jobs::Unique unique = jobs::Unique::none
) {
    jobs::JobType type;
    type.name = std::move(name);
    type.queue = queue;
    type.unique = unique;
    return type;
}

}  // namespace

void Composition::add_workflows() {
    using jobs::QueueName;
    using jobs::Unique;
    namespace made = afterresume::workflows;
    auto analyze = job_type("worklog.analyze", QueueName::ai);
    analyze.requestable = jobs::payload_as<made::AnalyzeArgs>();
    auto extract = job_type("skills.extract", QueueName::ai, Unique::while_queued);
    extract.requestable = jobs::payload_as<made::ExtractArgs>();
    auto report = job_type("report.generate", QueueName::interactive);
    report.requestable = made::check_asked_report;
    report.schedulable = made::check_report_payload;
    auto refresh = job_type("resume.refresh", QueueName::ai, Unique::while_queued);
    refresh.requestable = refresh.schedulable = jobs::payload_as<made::RefreshArgs>();
    refresh.debounce.quiet = std::chrono::seconds(settings.resume_debounce_s);
    workflows.add(std::move(analyze), std::make_unique<made::WorklogAnalyze>(worklogs, profiles));
    workflows.add(
        std::move(extract),
        std::make_unique<made::SkillsExtract>(matching, worklogs, skills, queue, clock)
    );
    workflows.add(
        std::move(report),
        std::make_unique<made::ReportGenerate>(worklogs, profiles, skills, reports, clock)
    );
    workflows.add(
        std::move(refresh),
        std::make_unique<made::ResumeRefresh>(worklogs, profiles, skills, reports, clock)
    );
    auto exporting = job_type("tenant.export", QueueName::documents, Unique::while_unfinished);
    exporting.permission = Permission::own;
    exporting.requestable = exporting.schedulable = jobs::payload_as<made::NoArgs>();
    workflows.add(std::move(exporting), std::make_unique<made::TenantExport>(exports, clock));
    auto mail = job_type("mail.send", QueueName::delivery);
    mail.max_attempts = 10;
    mail.permission = Permission::read;
    mail.provider = "mail";
    workflows.add(std::move(mail), std::make_unique<made::MailSend>(*mail_sender));
    add_upkeep(*this);
}

}  // namespace afterresume::app
