/** What `GET /doctor` says of models, in German. */
export const germanModelFindings = {
  models_work: {
    message: "MODEL={model}; {count} Modelle sind da (upreel models zeigt sie)",
  },
  model_wanted: { message: "MODEL={model}: {reason}", fix: "`MODEL=auto`" },
  faces_work: {
    message: "FACES=on: {model} restauriert Gesichter auf {provider}, etwa {seconds} s für jedes",
  },
  faces_missing: {
    message: "FACES=on, aber Gesichter können nicht restauriert werden: {reason}",
    fix: "`upreel faces download`, oder `FACES=off`",
  },
  models_broken: {
    message: "{reason}",
    fix: "Installiere Upreel neu: Seine Dateien sind unvollständig",
  },
} as const;
