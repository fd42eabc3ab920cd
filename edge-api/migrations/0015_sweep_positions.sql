CREATE TABLE "sweep_positions" (
	"area" text PRIMARY KEY NOT NULL,
	"after_key" text
);
