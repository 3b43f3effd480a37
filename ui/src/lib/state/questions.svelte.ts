// The question that stands before something that cannot be taken back.

export interface Question {
  title: string;
  text: string;
  /** The words of the button that agrees. */
  action: string;
  cancel?: string;
  run: () => void;
}

class Questions {
  asked = $state.raw<Question | null>(null);

  ask(question: Question) {
    this.asked = question;
  }

  agree() {
    const question = this.asked;
    this.asked = null;
    question?.run();
  }

  drop() {
    this.asked = null;
  }
}

export const questions = new Questions();
